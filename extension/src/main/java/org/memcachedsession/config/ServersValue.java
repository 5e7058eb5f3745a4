package org.memcachedsession.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.memcachedsession.config.ServerList.Entry;

/**
 * The list of servers: {@code host:port} separated by commas or blanks, or what PHP has in {@code
 * session.save_path}, of both its memcached extensions; or {@code discover:host:port}, which tells them.
 */
final class ServersValue implements ValueType<ServerList> {

    static final String EMBEDDED = "embedded";
    static final String DISCOVER = "discover:";

    /** What PHP's extensions know for one server, besides its weight. */
    private static final Set<String> IGNORED_OPTIONS =
            Set.of("persistent", "udp_port", "timeout", "retry_interval", "status");

    private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");

    /**
     * Socket files: {@code unix:///path}, {@code unix:/path}, {@code file:///path}, {@code /path}; not a
     * host of that name, which a port follows.
     */
    private static final Pattern SOCKET_FILE =
            Pattern.compile("((unix|file):[^0-9]|/|\\./).*", Pattern.CASE_INSENSITIVE);

    /** {@code host}, {@code host:port} or {@code host:port:weight}; an IPv6 host in brackets. */
    private static final Pattern ADDRESS =
            Pattern.compile("(\\[[^\\]]*\\]|[^:;\\[\\]]*)(?::([^:;]*))?(?::([^:;]*))?");

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

    /** Underscores are not in the standard, but in the names that container platforms give. */
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\\.?");

    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern IPV4_CHARACTERS = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 =
            Pattern.compile(
                    "((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}"
                            + "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])");

    /** In canonical spelling. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost\\.?|127(\\.[0-9]+){3}|0:0:0:0:0:0:0:1");

    @Override
    public Optional<ServerList> parse(Found found, Mistakes mistakes) {
        if (found.text().equalsIgnoreCase(EMBEDDED)) {
            return Optional.of(ServerList.EMBEDDED);
        }
        boolean discovered = found.text().regionMatches(true, 0, DISCOVER, 0, DISCOVER.length());
        String list = discovered ? found.text().substring(DISCOVER.length()) : found.text();
        int before = mistakes.count();
        List<Entry> servers = new ArrayList<>();
        Set<String> ignored = new LinkedHashSet<>();
        for (String text : SEPARATORS.split(list, -1)) {
            if (text.equalsIgnoreCase(EMBEDDED)) {
                mistakes.embeddedAmongServers(found);
            } else if (!text.isEmpty()) {
                new Reading(text, found, mistakes, ignored).server().ifPresent(servers::add);
            }
        }
        if (mistakes.count() > before) {
            // told as far as they could be read, so that nobody corrects one mistake at a time
            checkEach(servers, found, mistakes);
            return Optional.empty();
        }
        return Optional.of(new ServerList(false, discovered, servers, List.copyOf(ignored)));
    }

    @Override
    public void check(ServerList value, Found found, Mistakes mistakes) {
        if (!value.embedded() && value.servers().isEmpty()) {
            mistakes.emptyServerList(found);
        }
        if (value.discovered() && value.servers().size() > 1) {
            mistakes.severalEndpoints(found);
        }
        checkEach(value.servers(), found, mistakes);
    }

    private static void checkEach(List<Entry> servers, Found found, Mistakes mistakes) {
        Set<String> seen = new LinkedHashSet<>();
        for (Entry server : servers) {
            String part = server.toString();
            Optional<String> host = canonicalHost(server.host());
            if (host.isEmpty()) {
                mistakes.badHost(found, part);
            } else if (!seen.add(host.get() + " " + server.port())) {
                mistakes.serverTwice(found, part);
            }
            if (server.port() < 1 || server.port() > ServerList.LAST_PORT) {
                mistakes.badPort(found, part);
            }
            if (server.weight() < 1 || server.weight() > ServerList.HIGHEST_WEIGHT) {
                mistakes.badWeight(found, part);
            }
        }
    }

    /** One spelling for each host, or empty if it cannot be one. Asks no name server. */
    private static Optional<String> canonicalHost(String host) {
        if (IPV6_CHARACTERS.matcher(host).matches()) {
            try {
                return Optional.of(InetAddress.getByName("[" + host + "]").getHostAddress());
            } catch (UnknownHostException noAddress) {
                return Optional.empty();
            }
        }
        if (IPV4_CHARACTERS.matcher(host).matches() && !IPV4.matcher(host).matches()) {
            return Optional.empty();
        }
        return HOST_NAME.matcher(host).matches() && !host.contains("..")
                ? Optional.of(host.toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /** Whether a host is this machine whatever a name server says. */
    static boolean isLoopback(String host) {
        return canonicalHost(host).filter(LOOPBACK.asMatchPredicate()).isPresent();
    }

    @Override
    public String text(ServerList value) {
        return value.toString();
    }

    /** Reads the text of one server. */
    private static final class Reading {

        private final String text;
        private final Found found;
        private final Mistakes mistakes;
        private final Set<String> ignored;

        Reading(String text, Found found, Mistakes mistakes, Set<String> ignored) {
            this.text = text;
            this.found = found;
            this.mistakes = mistakes;
            this.ignored = ignored;
        }

        Optional<Entry> server() {
            if (SOCKET_FILE.matcher(text).matches()) {
                mistakes.socketFile(found, text);
                return Optional.empty();
            }
            String rest = text;
            Matcher scheme = SCHEME.matcher(text);
            if (scheme.matches()) {
                if (!scheme.group(1).equalsIgnoreCase("tcp")) {
                    mistakes.badScheme(found, text, scheme.group(1));
                    return Optional.empty();
                }
                rest = scheme.group(2);
            }
            if (Found.hasCredentials(text)) {
                // not looked at in parts, of which one would be a part of the password
                mistakes.notAnAddress(found, text);
                return Optional.empty();
            }
            int question = rest.indexOf('?');
            String options = question < 0 ? "" : rest.substring(question + 1);
            String address = question < 0 ? rest : rest.substring(0, question);
            if (scheme.matches() && address.endsWith("/")) {
                address = address.substring(0, address.length() - 1);
            }
            return server(address, options);
        }

        private Optional<Entry> server(String address, String options) {
            Matcher parts = ADDRESS.matcher(address);
            if (!parts.matches() || (parts.group(3) != null && parts.group(2).isEmpty())) {
                // an IPv6 address without brackets looks like either
                mistakes.notAnAddress(found, text);
                return Optional.empty();
            }
            String host = parts.group(1);
            if (host.startsWith("[")) {
                host = host.substring(1, host.length() - 1);
                if (!IPV6_CHARACTERS.matcher(host).matches()) {
                    mistakes.badHost(found, text);
                    return Optional.empty();
                }
            }
            int before = mistakes.count();
            Optional<Integer> port = number(parts.group(2), ServerList.DEFAULT_PORT);
            if (port.isEmpty()) {
                mistakes.badPort(found, text);
            }
            Optional<Integer> weight = number(parts.group(3), 1);
            if (weight.isEmpty()) {
                mistakes.badWeight(found, text);
            }
            weight = weightOf(options, weight);
            return mistakes.count() > before
                    ? Optional.empty()
                    : Optional.of(new Entry(host, port.get(), weight.get()));
        }

        private Optional<Integer> weightOf(String options, Optional<Integer> fromAddress) {
            Optional<Integer> weight = fromAddress;
            for (String option : options.split("&", -1)) {
                int equals = option.indexOf('=');
                String name = equals < 0 ? option : option.substring(0, equals);
                if (name.equals("weight")) {
                    weight = number(equals < 0 ? "" : option.substring(equals + 1), 1);
                    if (weight.isEmpty()) {
                        mistakes.badWeight(found, text);
                    }
                } else if (IGNORED_OPTIONS.contains(name)) {
                    ignored.add(name);
                } else if (!option.isEmpty()) {
                    mistakes.unknownServerOption(found, text, name);
                }
            }
            return weight;
        }

        private static Optional<Integer> number(String digits, int missing) {
            if (digits == null) {
                return Optional.of(missing);
            }
            return NUMBER.matcher(digits).matches()
                    ? Optional.of(Integer.valueOf(digits))
                    : Optional.empty();
        }
    }
}
