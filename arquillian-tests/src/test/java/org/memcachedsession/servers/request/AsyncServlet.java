package org.memcachedsession.servers.request;

import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.memcachedsession.servers.Gates;

/** Leaves its thread, and answers later in every way that servlets have. */
@WebServlet(value = "/async", asyncSupported = true)
public class AsyncServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private static final long SHORT_MILLIS = 100;

    @Inject transient Steps steps;
    @Inject transient Gates gates;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        switch (request.getParameter("how")) {
            case "start" -> {
                AsyncContext async = request.startAsync();
                async.start(
                        () -> {
                            steps.add("started");
                            answer(async, "done");
                        });
            }
            case "start-with-arguments" -> {
                steps.add("before");
                AsyncContext async = request.startAsync(request, response);
                async.start(
                        () -> {
                            steps.add("started");
                            answer(async, "done");
                        });
            }
            case "dispatch" -> {
                steps.add("before");
                request.startAsync().dispatch("/write?step=dispatched");
            }
            case "dispatch-first" -> request.startAsync().dispatch("/write?step=dispatched");
            case "timeout" -> {
                AsyncContext async = request.startAsync();
                async.setTimeout(SHORT_MILLIS);
                async.addListener(new StepAtTimeout(async));
            }
            case "timeout-unanswered" -> {
                steps.add("before");
                request.startAsync().setTimeout(SHORT_MILLIS);
            }
            case "flush" -> {
                steps.add("before flush");
                AsyncContext async = request.startAsync();
                String gate = request.getParameter("gate");
                async.start(
                        () -> {
                            flushHead(async);
                            gates.await(gate);
                            steps.add("after flush");
                            answer(async, "tail");
                        });
            }
            case "own-thread" -> {
                steps.add("before");
                AsyncContext async = request.startAsync();
                new Thread(() -> answer(async, "done"), "own thread").start();
            }
            case "bean-on-own-thread" -> {
                AsyncContext async = request.startAsync();
                new Thread(() -> answer(async, beanOnThisThread()), "own thread").start();
            }
            default -> throw new IllegalArgumentException(request.getParameter("how"));
        }
    }

    private String beanOnThisThread() {
        try {
            steps.add("out of reach");
            return "accepted";
        } catch (ContextNotActiveException e) {
            return "refused: " + e.getMessage();
        }
    }

    private static void flushHead(AsyncContext async) {
        try {
            async.getResponse().getWriter().println("head");
            async.getResponse().flushBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(AsyncContext async, String text) {
        try {
            async.getResponse().getWriter().print(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            async.complete();
        }
    }

    private final class StepAtTimeout implements AsyncListener {

        private final AsyncContext async;

        StepAtTimeout(AsyncContext async) {
            this.async = async;
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            steps.add("timed out");
            answer(async, "too late");
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
