package org.memcachedsession.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Leads each line to the command it names. */
final class Commands {

    static final String ERROR = "ERROR";
    static final String BAD_FORMAT = "CLIENT_ERROR bad command line format";
    static final String BAD_DATA_CHUNK = "CLIENT_ERROR bad data chunk";
    static final String TOO_LARGE = "SERVER_ERROR object too large for cache";
    static final String NOT_A_NUMBER =
            "CLIENT_ERROR cannot increment or decrement non-numeric value";
    static final int LONGEST_KEY = 250;

    /** The last words of an HTTP request line; a web page must not be able to talk to this server. */
    private static final String HTTP = "HTTP/";

    private final TextCommands text;
    private final MetaCommands meta;
    private final AdminCommands admin;

    Commands(TextCommands text, MetaCommands meta, AdminCommands admin) {
        this.text = text;
        this.meta = meta;
        this.admin = admin;
    }

    /** Answers one client until it goes, asks to quit or is cut off. */
    void converse(InputStream requests, OutputStream replies) throws IOException {
        ReplyWriter out = new ReplyWriter(replies);
        RequestReader in = new RequestReader(requests, out);
        boolean goesOn = true;
        while (goesOn) {
            Optional<String> line = in.line();
            goesOn = line.isPresent() && execute(new CommandLine(line.get()), in, out);
        }
        out.flush();
    }

    /**
     * Carries out one command and reads the block of data that belongs to it.
     *
     * @return whether the conversation goes on
     */
    private boolean execute(CommandLine line, RequestReader in, ReplyWriter out)
            throws IOException {
        switch (line.name()) {
            case "get" -> text.get(line, false, out);
            case "gets" -> text.get(line, true, out);
            case "gat" -> text.getAndTouch(line, false, out);
            case "gats" -> text.getAndTouch(line, true, out);
            case "set" -> text.store(line, StoreMode.SET, in, out);
            case "add" -> text.store(line, StoreMode.ADD, in, out);
            case "replace" -> text.store(line, StoreMode.REPLACE, in, out);
            case "append" -> text.store(line, StoreMode.APPEND, in, out);
            case "prepend" -> text.store(line, StoreMode.PREPEND, in, out);
            case "cas" -> text.store(line, StoreMode.CAS, in, out);
            case "touch" -> text.touch(line, out);
            case "delete" -> text.delete(line, out);
            case "incr" -> text.count(line, true, out);
            case "decr" -> text.count(line, false, out);
            case "mg" -> meta.get(line, out);
            case "ms" -> meta.set(line, in, out);
            case "md" -> meta.delete(line, out);
            case "ma" -> meta.count(line, out);
            case "mn" -> out.line("MN");
            case "flush_all" -> admin.flushAll(line, out);
            case "stats" -> admin.stats(line, out);
            case "verbosity" -> admin.verbosity(line, out);
            case "version" -> admin.version(out);
            case "quit" -> {
                return false;
            }
            default -> {
                return unknown(line, out);
            }
        }
        return true;
    }

    private static boolean unknown(CommandLine line, ReplyWriter out) throws IOException {
        boolean fromABrowser = line.size() > 0 && line.last().startsWith(HTTP) && isForeign(line);
        if (!fromABrowser) {
            out.line(ERROR);
        }
        return !fromABrowser;
    }

    /** Where memcached knows commands with the same first letter, it only answers with an error. */
    private static boolean isForeign(CommandLine line) {
        String name = line.name();
        return name.length() > 2 && "gsacidt".indexOf(name.charAt(0)) < 0;
    }
}
