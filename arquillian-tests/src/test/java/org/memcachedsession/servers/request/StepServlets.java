package org.memcachedsession.servers.request;

import jakarta.inject.Inject;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import org.memcachedsession.servers.Gates;

/** Servlets that use the session at every place from which an answer can leave. */
final class StepServlets {

    /** Bigger than the response buffer of any server. */
    static final int LARGE = 300_000;

    private StepServlets() {}

    abstract static class StepServlet extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Inject transient Steps steps;
        @Inject transient Note note;
        @Inject transient Gates gates;

        @Override
        protected final void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            response.setContentType("text/plain");
            answer(request, response);
        }

        abstract void answer(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException;
    }

    @WebServlet("/read")
    public static class Read extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(steps.all());
        }
    }

    @WebServlet("/note")
    public static class ReadNote extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(note.text());
        }
    }

    @WebServlet("/nothing/*")
    public static class Nothing extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("nothing");
        }
    }

    @WebServlet(value = "/write", asyncSupported = true)
    public static class Write extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String step = request.getParameter("step");
            steps.add(step);
            response.getWriter().print(step);
        }
    }

    @WebServlet("/open")
    public static class OpenGate extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) {
            gates.open(request.getParameter("gate"));
        }
    }

    @WebServlet("/forward")
    public static class Forward extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            steps.add("before");
            request.getRequestDispatcher("/write?step=forwarded").forward(request, response);
        }
    }

    @WebServlet("/include")
    public static class Include extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            steps.add("before");
            request.getRequestDispatcher("/write?step=included").include(request, response);
            steps.add("after");
        }
    }

    @WebServlet("/include-first")
    public static class IncludeFirst extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            request.getRequestDispatcher("/write?step=included").include(request, response);
        }
    }

    /** Has an error page. */
    static class Foreseen extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Has none. */
    static class Unforeseen extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @WebServlet("/fail")
    public static class Fail extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add("failing");
            switch (request.getParameter("how")) {
                case "status" -> response.sendError(409);
                case "status-with-page" -> response.sendError(418);
                case "exception-with-page" -> throw new Foreseen();
                default -> throw new Unforeseen();
            }
        }
    }

    @WebServlet("/error-page")
    public static class ErrorPage extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add("error page");
            response.getWriter()
                    .print("sorry: " + request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        }
    }

    @WebServlet("/redirect")
    public static class Redirect extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add(request.getParameter("step"));
            response.sendRedirect("read");
        }
    }

    @WebServlet("/no-content")
    public static class NoContent extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) {
            steps.add("no content");
            response.setStatus(204);
        }
    }

    @WebServlet("/length")
    public static class ContentLength extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add(request.getParameter("step"));
            response.setContentLength(4);
            response.getOutputStream().write(new byte[] {'d', 'o', 'n', 'e'});
        }
    }

    @WebServlet("/close")
    public static class Close extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add("before close");
            PrintWriter writer = response.getWriter();
            writer.print("done");
            writer.close();
        }
    }

    @WebServlet("/large")
    public static class Large extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add("before much");
            response.getWriter().print("x".repeat(LARGE));
            steps.add("after much");
        }
    }

    @WebServlet("/reset")
    public static class Reset extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add("before reset");
            response.getWriter().print("forget this");
            response.reset();
            response.getWriter().print("kept");
        }
    }

    /** Lets the head of the answer leave and waits; then goes on. */
    @WebServlet("/flush")
    public static class Flush extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            steps.add("before flush");
            response.getWriter().println("head");
            response.flushBuffer();
            gates.await(request.getParameter("gate"));
            steps.add("after flush");
            response.getWriter().print("tail");
        }
    }

    /** Uses its first bean too late, and handles what comes of it. */
    @WebServlet("/late")
    public static class Late extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().println("head");
            response.flushBuffer();
            try {
                note.write("late");
                response.getWriter().print("accepted");
            } catch (IllegalStateException e) {
                response.getWriter().print("refused: " + e.getMessage());
            }
        }
    }

    /** Uses its first bean too late, and handles nothing. */
    @WebServlet("/late-and-careless")
    public static class LateAndCareless extends StepServlet {
        private static final long serialVersionUID = 1;

        @Override
        void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().println("head");
            response.flushBuffer();
            note.write("late");
            throw new Unforeseen();
        }
    }
}
