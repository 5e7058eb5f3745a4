package org.memcachedsession.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.memcachedsession.config.SettingsDraft.Brought;

/** What can be said only about several settings together, and what deserves a note. */
final class CrossChecks {

    /**
     * What fits into memcached's default item limit of 1 MB with room for the key and the item's own
     * fields.
     */
    static final int DEFAULT_ITEM_LIMIT = SizeValue.MB - SizeValue.KB;

    /** Of user name and password together, in bytes: what memcached reads of a line of its files. */
    private static final int LONGEST_CREDENTIALS = 252;

    private final Map<Setting<?>, Object> values;
    private final Map<Setting<?>, Found> found;
    private final Brought embeddedModule;
    private final Brought fory;
    private final Mistakes mistakes;
    private final List<String> notes;

    CrossChecks(
            Map<Setting<?>, Object> values,
            Map<Setting<?>, Found> found,
            Brought embeddedModule,
            Brought fory,
            Mistakes mistakes,
            List<String> notes) {
        this.values = values;
        this.found = found;
        this.embeddedModule = embeddedModule;
        this.fory = fory;
        this.mistakes = mistakes;
        this.notes = notes;
    }

    void run() {
        servers();
        previousServers();
        secret();
        credentials();
        timeouts();
        cookie();
        rotation();
        sizes();
        serializer();
    }

    private void servers() {
        Optional<ServerList> servers = value(Setting.SERVERS);
        if (servers.isEmpty()) {
            return;
        }
        if (servers.get().embedded() && embeddedModule == Brought.ABSENT) {
            mistakes.embeddedIsMissing(found.get(Setting.SERVERS));
        }
        int count = servers.get().embedded() ? 1 : servers.get().servers().size();
        if (!servers.get().discovered()
                && value(Setting.COPIES).filter(copies -> copies > count).isPresent()) {
            mistakes.moreCopiesThanServers(
                    found.get(Setting.COPIES), found.get(Setting.SERVERS), count);
        }
        noteIgnored(Setting.SERVERS);
    }

    private void noteIgnored(Setting<ServerList> setting) {
        value(setting)
                .map(ServerList::ignored)
                .filter(ignored -> !ignored.isEmpty())
                .ifPresent(ignored -> notes.add(Mistakes.ignored(found.get(setting), ignored)));
    }

    private void previousServers() {
        Optional<ServerList> previous = value(Setting.SERVERS_PREVIOUS);
        if (previous.isEmpty()) {
            return;
        }
        if (previous.get().embedded()
                || value(Setting.SERVERS).filter(ServerList::embedded).isPresent()) {
            mistakes.previousWithEmbedded(
                    found.get(Setting.SERVERS_PREVIOUS), found.get(Setting.SERVERS));
        }
        if (previous.get().discovered()) {
            mistakes.previousDiscovered(found.get(Setting.SERVERS_PREVIOUS));
        }
        noteIgnored(Setting.SERVERS_PREVIOUS);
    }

    private void secret() {
        Optional<Setting<ServerList>> remote =
                Stream.of(Setting.SERVERS, Setting.SERVERS_PREVIOUS)
                        .filter(setting -> value(setting).filter(ServerList::isRemote).isPresent())
                        .findFirst();
        if (remote.isEmpty()) {
            return;
        }
        if (!found.containsKey(Setting.SECRET)) {
            mistakes.noSecret(found.get(remote.get()));
        } else if (value(Setting.SECRET).equals(Optional.of(Secret.NONE))) {
            notes.add(Mistakes.withoutSecret(found.get(Setting.SECRET)));
        }
    }

    private void credentials() {
        boolean isToken = value(Setting.AUTHENTICATION).equals(Optional.of("token"));
        Found username = found.get(Setting.USERNAME);
        Found password = found.get(Setting.PASSWORD);
        if (username == null || password == null) {
            if (username != null || password != null) {
                Setting<?> missing = username == null ? Setting.USERNAME : Setting.PASSWORD;
                mistakes.halfOfCredentials(username == null ? password : username, missing);
            } else if (value(Setting.AUTHENTICATION).equals(Optional.of("sasl"))) {
                mistakes.halfOfCredentials(found.get(Setting.AUTHENTICATION), Setting.USERNAME);
            }
            return;
        }
        Optional<String> name = value(Setting.USERNAME);
        Optional<String> word = value(Setting.PASSWORD);
        if (isToken && word.isPresent() && word.get().indexOf(' ') >= 0) {
            mistakes.badPassword(password, "with memcached's -Y a password has no blanks");
        }
        if (name.isPresent() && word.isPresent()) {
            int bytes = (name.get() + word.get()).getBytes(UTF_8).length;
            if (bytes > LONGEST_CREDENTIALS) {
                mistakes.longCredentials(username, password, bytes, LONGEST_CREDENTIALS);
            }
        }
    }

    private void timeouts() {
        Optional<Duration> idle = value(Setting.IDLE_TIMEOUT);
        Optional<Duration> absolute = value(Setting.ABSOLUTE_TIMEOUT);
        if (idle.isPresent() && absolute.isPresent() && absolute.get().compareTo(idle.get()) < 0) {
            mistakes.absoluteBeforeIdle(
                    found.get(Setting.ABSOLUTE_TIMEOUT), found.get(Setting.IDLE_TIMEOUT));
        }
    }

    private void cookie() {
        if (value(Setting.COOKIE_SAME_SITE).equals(Optional.of("None"))
                && value(Setting.COOKIE_SECURE).equals(Optional.of("false"))) {
            mistakes.sameSiteNoneWithoutSecure(
                    found.get(Setting.COOKIE_SAME_SITE), found.get(Setting.COOKIE_SECURE));
        }
    }

    private void rotation() {
        Optional<Duration> interval = value(Setting.ROTATION_INTERVAL);
        Optional<Duration> grace = value(Setting.ROTATION_GRACE);
        if (interval.isPresent()
                && grace.isPresent()
                && interval.get().compareTo(grace.get()) <= 0) {
            mistakes.intervalWithinGrace(
                    found.get(Setting.ROTATION_INTERVAL), found.get(Setting.ROTATION_GRACE));
        }
    }

    private void sizes() {
        Optional<Integer> limit = value(Setting.SIZE_LIMIT);
        Optional<Integer> warn = value(Setting.SIZE_WARN);
        if (limit.isEmpty()) {
            return;
        }
        if (warn.isPresent() && warn.get() > limit.get()) {
            mistakes.warnAboveLimit(found.get(Setting.SIZE_WARN), found.get(Setting.SIZE_LIMIT));
        }
        Optional<OptionalInt> compressFrom = value(Setting.COMPRESS_FROM);
        if (compressFrom.isPresent() && compressFrom.get().orElse(0) > limit.get()) {
            mistakes.compressAboveLimit(
                    found.get(Setting.COMPRESS_FROM), found.get(Setting.SIZE_LIMIT));
        }
        if (limit.get() > DEFAULT_ITEM_LIMIT) {
            int megabytes = (limit.get() + SizeValue.KB) / SizeValue.MB + 1;
            notes.add(Mistakes.needsLargerItems(found.get(Setting.SIZE_LIMIT), megabytes));
        }
    }

    private void serializer() {
        if (value(Setting.SERIALIZER).equals(Optional.of("fory")) && fory == Brought.ABSENT) {
            mistakes.foryIsMissing(found.get(Setting.SERIALIZER));
        }
    }

    @SuppressWarnings("unchecked") // a value is put in by its own setting's type
    private <T> Optional<T> value(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting));
    }
}
