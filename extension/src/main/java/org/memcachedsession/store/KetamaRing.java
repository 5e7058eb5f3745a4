package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.memcachedsession.SessionSettings.Server;

/**
 * Which server holds a key: consistent hashing that puts every key where libmemcached puts it with
 * its weighted ketama behaviour (which is what PHP calls "libketama compatible"), so that both can
 * use one pool and a server more or less moves only that server's share.
 *
 * <p>Every server has points on a circle of 32 bits; a key belongs to the first point at or after
 * its own hash. Immutable; many threads use one ring.
 */
final class KetamaRing {

    private static final int DEFAULT_PORT = 11211;
    private static final int POINTS_PER_SERVER = 160;
    private static final int POINTS_PER_DIGEST = 4;

    /** The lower bits of a point, which hold the server; the position stands above, sign bit free. */
    private static final int SERVER_BITS = 31;

    /** Sorted, so that a tie goes to the server named first. */
    private final long[] points;

    KetamaRing(List<Server> servers) {
        long totalWeight = servers.stream().mapToLong(Server::weight).sum();
        MessageDigest md5 = md5();
        long[] found = new long[servers.size() * POINTS_PER_SERVER];
        int count = 0;
        for (int index = 0; index < servers.size(); index++) {
            Server server = servers.get(index);
            int digests = digests(server.weight(), totalWeight, servers.size());
            for (int i = 0; i < digests; i++) {
                byte[] digest = md5.digest((name(server) + '-' + i).getBytes(UTF_8));
                for (int part = 0; part < POINTS_PER_DIGEST; part++) {
                    found[count++] = position(digest, part) << SERVER_BITS | index;
                }
            }
        }
        points = Arrays.copyOf(found, count);
        Arrays.sort(points);
    }

    /** The index of the key's server in the list that the ring was made of. */
    int serverOf(String key) {
        return serverAt(pointOf(key));
    }

    /**
     * Where copies of a key are: the key's server, and the next ones on the circle that are others. So a server
     * less moves only the copies that it had.
     *
     * @param count not more than have points: a server of little weight may have none
     * @return indices as of {@link #serverOf}, its own first, each once
     */
    int[] serversOf(String key, int count) {
        int[] servers = new int[count];
        int found = 0;
        for (int point = pointOf(key); found < count; point++) {
            int server = serverAt(point);
            if (!contains(servers, found, server)) {
                servers[found++] = server;
            }
        }
        return servers;
    }

    private static boolean contains(int[] servers, int count, int server) {
        for (int i = 0; i < count; i++) {
            if (servers[i] == server) {
                return true;
            }
        }
        return false;
    }

    /** How many servers have points, and so items. */
    int size() {
        return (int)
                Arrays.stream(points).map(point -> point & Integer.MAX_VALUE).distinct().count();
    }

    private int pointOf(String key) {
        long hash = position(md5().digest(key.getBytes(UTF_8)), 0);
        int found = Arrays.binarySearch(points, hash << SERVER_BITS);
        return found >= 0 ? found : -found - 1;
    }

    private int serverAt(int point) {
        return (int) points[point % points.length] & Integer.MAX_VALUE;
    }

    /**
     * In float, as libmemcached does it: where the share is not a whole number, rounding decides
     * whether a server has one digest more, and with it where keys go.
     */
    private static int digests(int weight, long totalWeight, int servers) {
        float share = (float) weight / (float) totalWeight;
        float exact = share * POINTS_PER_SERVER / POINTS_PER_DIGEST * servers + 0.0000000001F;
        return (int) Math.floor(exact);
    }

    private static String name(Server server) {
        return server.port() == DEFAULT_PORT ? server.host() : server.host() + ':' + server.port();
    }

    private static long position(byte[] digest, int part) {
        int offset = part * 4;
        return (digest[offset + 3] & 0xFFL) << 24
                | (digest[offset + 2] & 0xFFL) << 16
                | (digest[offset + 1] & 0xFFL) << 8
                | (digest[offset] & 0xFFL);
    }

    private static MessageDigest md5() {
        try {
            // places keys, protects nothing
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(
                    "this Java run time has no MD5, which placing keys needs", absent);
        }
    }
}
