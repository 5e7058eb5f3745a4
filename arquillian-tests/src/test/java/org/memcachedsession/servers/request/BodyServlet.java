package org.memcachedsession.servers.request;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Reads a body as it comes, and answers when all is there. */
@WebServlet(value = "/body", asyncSupported = true)
public class BodyServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Inject transient Steps steps;

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AsyncContext async = request.startAsync();
        ServletInputStream body = request.getInputStream();
        body.setReadListener(new StepsOfABody(async, body));
    }

    private final class StepsOfABody implements ReadListener {

        private final AsyncContext async;
        private final ServletInputStream body;
        private final byte[] part = new byte[1000];
        private int length;

        StepsOfABody(AsyncContext async, ServletInputStream body) {
            this.async = async;
            this.body = body;
        }

        @Override
        public void onDataAvailable() throws IOException {
            while (body.isReady()) {
                int count = body.read(part);
                if (count < 0) {
                    return;
                }
                if (length == 0) {
                    steps.add("begun");
                }
                length += count;
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            steps.add("read " + length);
            async.getResponse().getWriter().print("read");
            async.complete();
        }

        @Override
        public void onError(Throwable failure) {
            async.complete();
        }
    }
}
