package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.memcachedsession.ConflictPolicy;

/** Two requests began with the same beans; each is saved, one after the other. */
class MergePropertyTest extends RulesFixture {

    /**
     * A bean in the life of two requests.
     *
     * @param base what both loaded; null if there was nothing, as in the others
     */
    record Lives(Entry base, Entry one, Entry other, ConflictPolicy policy) {

        boolean isChangedByBoth() {
            return !Objects.equals(base, one) && !Objects.equals(base, other);
        }

        boolean isRemovedByOne() {
            return base != null && (one == null) != (other == null);
        }
    }

    @Provide
    Arbitrary<List<Lives>> beans() {
        Arbitrary<Entry> entries =
                Arbitraries.of((byte) 1, (byte) 2, (byte) 3)
                        .map(content -> new Entry("", new byte[] {content}))
                        .injectNull(0.3);
        Arbitrary<ConflictPolicy> policies =
                Arbitraries.of(ConflictPolicy.class).filter(p -> p != ConflictPolicy.FAIL);
        return Combinators.combine(entries, entries, entries, policies)
                .as(Lives::new)
                .list()
                .ofMaxSize(6);
    }

    private static BeanKey key(int number) {
        return new BeanKey("bean " + number);
    }

    /** What the requests leave in the store. */
    private SortedMap<BeanKey, Entry> saved(List<Lives> lives, boolean oneFirst) {
        SortedMap<BeanKey, Entry> base = new TreeMap<>();
        Map<BeanKey, Change> ofOne = new HashMap<>();
        Map<BeanKey, Change> ofOther = new HashMap<>();
        for (int i = 0; i < lives.size(); i++) {
            Lives bean = lives.get(i);
            beans.policies.put(key(i), bean.policy);
            if (bean.base != null) {
                base.put(key(i), bean.base);
            }
            if (!Objects.equals(bean.base, bean.one)) {
                ofOne.put(key(i), new Change(bean.base, bean.one, false));
            }
            if (!Objects.equals(bean.base, bean.other)) {
                ofOther.put(key(i), new Change(bean.base, bean.other, false));
            }
        }
        SessionRecord record =
                new SessionRecord(
                        SessionHeader.begun(clock.instant(), IDLE, ABSOLUTE), List.of(), base);
        SessionRecord first = save(oneFirst ? ofOne : ofOther, record);
        return save(oneFirst ? ofOther : ofOne, first).entries();
    }

    private SessionRecord save(Map<BeanKey, Change> changes, SessionRecord into) {
        SessionId id = SessionId.random(sessions.random);
        Instant now = clock.instant();
        return new Merge(
                        sessions,
                        id,
                        new Changes(changes, HeaderChange.NONE, true, now, told -> {}))
                .into(into);
    }

    @Property
    void whereNoBeanIsChangedByBothNothingOfEitherIsLostAndItDoesNotMatterWhoIsFirst(
            @ForAll("beans") List<Lives> all) {
        List<Lives> lives = all.stream().filter(bean -> !bean.isChangedByBoth()).toList();
        SortedMap<BeanKey, Entry> expected = new TreeMap<>();
        for (int i = 0; i < lives.size(); i++) {
            Lives bean = lives.get(i);
            Entry changed = Objects.equals(bean.base, bean.one) ? bean.other : bean.one;
            if (changed != null) {
                expected.put(key(i), changed);
            }
        }

        assertThat(saved(lives, true)).isEqualTo(expected);
        assertThat(saved(lives, false)).isEqualTo(expected);
    }

    @Property
    void whereOneRemovesABeanItIsGoneWhateverTheOtherDidToItAndWhoeverIsFirst(
            @ForAll("beans") List<Lives> all) {
        List<Lives> lives = all.stream().filter(Lives::isRemovedByOne).toList();

        assertThat(saved(lives, true)).isEmpty();
        assertThat(saved(lives, false)).isEmpty();
    }

    @Property
    void whatOneBeanIsSettledToDependsOnNoOtherBean(@ForAll("beans") List<Lives> lives) {
        SortedMap<BeanKey, Entry> together = saved(lives, true);

        for (int i = 0; i < lives.size(); i++) {
            assertThat(together.get(key(i)))
                    .isEqualTo(saved(List.of(lives.get(i)), true).get(key(0)));
        }
    }
}
