package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.memcachedsession.SessionSettings.Server;

class KetamaRingPropertyTest {

    private static final List<String> KEYS =
            IntStream.range(0, 500).mapToObj(i -> "key " + i).toList();

    @Provide
    Arbitrary<List<Server>> servers() {
        return servers(Arbitraries.just(1));
    }

    @Provide
    Arbitrary<List<Server>> weighted() {
        return servers(Arbitraries.integers().between(1, 1000));
    }

    private static Arbitrary<List<Server>> servers(Arbitrary<Integer> weights) {
        Arbitrary<String> hosts = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(20);
        return Combinators.combine(hosts, Arbitraries.integers().between(11205, 11215), weights)
                .as(Server::new)
                .list()
                .uniqueElements(server -> server.host() + server.port())
                .ofMinSize(2)
                .ofMaxSize(12);
    }

    private static Server serverOf(String key, KetamaRing ring, List<Server> servers) {
        return servers.get(ring.serverOf(key));
    }

    @Property(tries = 100)
    void withoutOneServerItsOwnKeysMoveAndNoOthers(
            @ForAll("servers") List<Server> servers, @ForAll @IntRange(max = 11) int place) {
        List<Server> left = new ArrayList<>(servers);
        Server gone = left.remove(place % servers.size());
        KetamaRing before = new KetamaRing(servers);
        KetamaRing after = new KetamaRing(left);

        for (String key : KEYS) {
            Server was = serverOf(key, before, servers);
            if (!was.equals(gone)) {
                assertThat(serverOf(key, after, left)).isEqualTo(was);
            }
        }
    }

    @Property(tries = 100)
    void keysStayWhereTheyAreInWhateverOrderTheServersAreNamed(
            @ForAll("weighted") List<Server> servers, @ForAll Random random) {
        List<Server> shuffled = new ArrayList<>(servers);
        Collections.shuffle(shuffled, random);
        KetamaRing before = new KetamaRing(servers);
        KetamaRing after = new KetamaRing(shuffled);

        assertThat(KEYS)
                .allSatisfy(
                        key ->
                                assertThat(serverOf(key, after, shuffled))
                                        .isEqualTo(serverOf(key, before, servers)));
    }

    @Property(tries = 100)
    void onlyTheRatioOfWeightsCounts(
            @ForAll("weighted") List<Server> servers, @ForAll @IntRange(min = 2, max = 9) int by) {
        KetamaRing before = new KetamaRing(servers);
        KetamaRing after =
                new KetamaRing(
                        servers.stream()
                                .map(s -> new Server(s.host(), s.port(), s.weight() * by))
                                .toList());

        assertThat(KEYS)
                .allSatisfy(key -> assertThat(after.serverOf(key)).isEqualTo(before.serverOf(key)));
    }

    private static List<Server> placesOf(
            String key, KetamaRing ring, List<Server> servers, int count) {
        return Arrays.stream(ring.serversOf(key, count)).mapToObj(servers::get).toList();
    }

    @Property(tries = 100)
    void copiesAreOnDifferentServersAndTheFirstOnTheServerOfTheKey(
            @ForAll("weighted") List<Server> servers,
            @ForAll @IntRange(min = 1, max = 3) int copies) {
        KetamaRing ring = new KetamaRing(servers);
        int count = Math.min(copies, ring.size());

        assertThat(KEYS)
                .allSatisfy(
                        key ->
                                assertThat(placesOf(key, ring, servers, count))
                                        .hasSize(count)
                                        .doesNotHaveDuplicates()
                                        .startsWith(serverOf(key, ring, servers)));
    }

    /** All others keep theirs in their order, and one more takes the place of what is gone. */
    @Property(tries = 100)
    void withoutOneServerOnlyTheCopiesMoveThatItHad(
            @ForAll("servers") List<Server> servers, @ForAll @IntRange(max = 11) int place) {
        List<Server> left = new ArrayList<>(servers);
        Server gone = left.remove(place % servers.size());
        int count = Math.min(2, left.size());
        KetamaRing before = new KetamaRing(servers);
        KetamaRing after = new KetamaRing(left);

        for (String key : KEYS) {
            List<Server> were = new ArrayList<>(placesOf(key, before, servers, count));
            were.remove(gone);
            assertThat(placesOf(key, after, left, count).subList(0, were.size())).isEqualTo(were);
        }
    }
}
