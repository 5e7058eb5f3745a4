package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptors;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.store.InMemorySessionStore;

/** Which classes a bean may consist of: what deployment can see, and what it is told. */
class ListedClassesTest {

    private static final String NAME = ListedClassesTest.class.getName();

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final CookieJar browser = new CookieJar();
    private TestNode node;

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    private void start(String... allowed) {
        stop();
        Extension settings =
                new Extension() {
                    void allow(@Observes SessionSettings.Builder builder) {
                        builder.serializeAllow(List.of(allowed));
                    }
                };
        node =
                TestNode.on(store, Clock.systemUTC())
                        .beans(
                                Wallet.class,
                                Checkout.class,
                                Shelf.class,
                                Keeper.class,
                                Drawer.class,
                                Watched.class,
                                Producers.class,
                                Discarded.class)
                        .extension(settings)
                        .start();
    }

    private void checkOut(Payment payment) throws Exception {
        node.run(browser, () -> node.bean(Checkout.class).pay(payment));
    }

    @Test
    void whatFieldsDeclareIsReadBackWithAllThatItDeclaresItself() throws Exception {
        start();
        node.run(browser, () -> node.bean(Shelf.class).fill());
        start();
        assertThat(node.request(browser, () -> node.bean(Shelf.class).content()))
                .isEqualTo("box of a, RED, b, c, d, e, 1.50, standing in");
    }

    @Test
    void whatAnInterfaceHidesIsRefusedWhenItIsSavedWithItsPlaceAndTheRemedies() throws Exception {
        start();
        node.run(browser, () -> node.bean(Wallet.class).put(1));

        assertThatThrownBy(() -> checkOut(new Card("1")))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("class " + NAME + "$Checkout holds a " + NAME + "$Card")
                .hasMessageContaining("at " + NAME + "$Checkout.payments[0]")
                .hasMessageContaining("@AllowSerialized(Card.class)")
                .hasMessageContaining(NAME + "$Card to the setting");
        assertThat(node.request(browser, () -> node.bean(Checkout.class).payments())).isEmpty();
    }

    @Test
    void anAnnotationOnTheBeanAdmitsAClassWithWhatItsFieldsDeclare() throws Exception {
        start();
        checkOut(new Invoice(new Address("Elm Street")));
        start();
        assertThat(node.request(browser, () -> node.bean(Checkout.class).payments()))
                .isEqualTo("invoice to Elm Street");
    }

    @Test
    void theSettingAdmitsAClassOrAPackage() throws Exception {
        for (String allowed : List.of(NAME + "$Card", "org.memcachedsession.*")) {
            browser.forget();
            start(allowed);
            checkOut(new Card("1"));
            start(allowed);
            assertThat(node.request(browser, () -> node.bean(Checkout.class).payments()))
                    .isEqualTo("card 1");
        }
    }

    @Test
    void aProducerSaysItForItsProduct() throws Exception {
        start();
        node.run(browser, () -> named().get().put("a", new Voucher("2")));
        start();
        assertThat(node.request(browser, () -> named().get().get("a").text()))
                .isEqualTo("voucher 2");
    }

    private Instance<Map<String, Payment>> named() {
        return node.container()
                .select(
                        new jakarta.enterprise.util.TypeLiteral<Map<String, Payment>>() {},
                        jakarta.enterprise.inject.literal.NamedLiteral.of("payments"));
    }

    @Test
    void whatTheContainerPutsIntoBeansIsReadBack() throws Exception {
        start();
        node.run(browser, () -> node.bean(Keeper.class).keep("a"));
        node.run(browser, () -> node.bean(Watched.class).call());
        start();
        assertThat(node.request(browser, () -> node.bean(Keeper.class).keep("b")))
                .isEqualTo("[a, b] [a, b]");
        assertThat(node.request(browser, () -> node.bean(Watched.class).call())).isEqualTo(2);
    }

    @Test
    void aBeanOfAClassThatIsNotAllowedAnyMoreIsLeftOutAloneAndTheApplicationIsTold()
            throws Exception {
        start(NAME + "$Card");
        checkOut(new Card("1"));
        node.run(browser, () -> node.bean(Wallet.class).put(1));
        start();
        try (LoggedMessages log = LoggedMessages.record()) {
            node.run(
                    browser,
                    () -> {
                        assertThat(node.bean(Checkout.class).payments()).isEmpty();
                        assertThat(node.bean(Checkout.class).payments()).isEmpty();
                        assertThat(node.bean(Wallet.class).sum()).isEqualTo(1);
                    });
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(
                            "class " + NAME + "$Checkout cannot be read and is left out",
                            NAME + "$Card",
                            "memcached.session.serialize.allow");
        }
        assertThat(node.bean(Discarded.class).events())
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.bean()).isEqualTo("class " + NAME + "$Checkout");
                            assertThat(event.cause()).isEqualTo(BeanDiscarded.Cause.NOT_ALLOWED);
                        });
    }

    @ApplicationScoped
    static class Discarded {
        final List<BeanDiscarded> events = new ArrayList<>();

        void hear(@Observes BeanDiscarded event) {
            events.add(event);
        }

        List<BeanDiscarded> events() {
            return events;
        }
    }

    @MemcachedSessionScoped
    static class Wallet implements Serializable {
        private static final long serialVersionUID = 1L;
        private int sum;

        void put(int amount) {
            sum += amount;
        }

        int sum() {
            return sum;
        }
    }

    interface Payment {
        String text();
    }

    record Card(String number) implements Payment, Serializable {
        @Override
        public String text() {
            return "card " + number;
        }
    }

    record Voucher(String code) implements Payment, Serializable {
        @Override
        public String text() {
            return "voucher " + code;
        }
    }

    record Address(String street) implements Serializable {}

    record Invoice(Address address) implements Payment, Serializable {
        @Override
        public String text() {
            return "invoice to " + address.street;
        }
    }

    @MemcachedSessionScoped
    @AllowSerialized(Invoice.class)
    static class Checkout implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<Payment> payments = new ArrayList<>();

        void pay(Payment payment) {
            payments.add(payment);
        }

        String payments() {
            return String.join(", ", payments.stream().map(Payment::text).toList());
        }
    }

    enum Color {
        RED {
            @Override
            String text() {
                return "RED";
            }
        };

        abstract String text();
    }

    static class Box<T> implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // as T is
        T inside;
    }

    static class Thing implements Serializable {
        private static final long serialVersionUID = 1L;
        String name;

        Thing(String name) {
            this.name = name;
        }
    }

    static class InSuper extends Thing {
        private static final long serialVersionUID = 1L;

        InSuper(String name) {
            super(name);
        }
    }

    static class InArray extends Thing {
        private static final long serialVersionUID = 1L;

        InArray(String name) {
            super(name);
        }
    }

    static class InMap extends Thing {
        private static final long serialVersionUID = 1L;

        InMap(String name) {
            super(name);
        }
    }

    static class InBox extends Thing {
        private static final long serialVersionUID = 1L;

        InBox(String name) {
            super(name);
        }
    }

    sealed interface Shape permits Round, Square {}

    record Round(Thing label) implements Shape, Serializable {}

    record Square() implements Shape, Serializable {}

    abstract static class Furniture implements Serializable {
        private static final long serialVersionUID = 1L;
        final List<InSuper> inherited = new ArrayList<>();
    }

    /** Written by a stand-in, as is recommended for classes with invariants. */
    static final class Price implements Serializable {
        private static final long serialVersionUID = 1L;
        private final BigDecimal amount;

        Price(BigDecimal amount) {
            this.amount = amount;
        }

        private Object writeReplace() {
            return new Written(amount);
        }

        private record Written(BigDecimal amount) implements Serializable {
            private Object readResolve() {
                return new Price(amount);
            }
        }
    }

    @MemcachedSessionScoped
    static class Shelf extends Furniture {
        private static final long serialVersionUID = 1L;
        private Box<InBox> box = new Box<>();
        private EnumMap<Color, Color> colors = new EnumMap<>(Color.class);
        private InArray[][] array;
        private Map<String, List<? extends InMap>> map = new HashMap<>();
        private Shape shape;
        private Price price;

        void fill() {
            box.inside = new InBox("a");
            colors.put(Color.RED, Color.RED);
            inherited.add(new InSuper("b"));
            array = new InArray[][] {{new InArray("c")}};
            map.put("key", List.of(new InMap("d")));
            shape = new Round(new Thing("e"));
            price = new Price(new BigDecimal("1.50"));
        }

        String content() {
            return String.join(
                    ", ",
                    "box of " + box.inside.name,
                    colors.get(Color.RED).text(),
                    inherited.get(0).name,
                    array[0][0].name,
                    map.get("key").get(0).name,
                    ((Round) shape).label.name,
                    price.amount.toString(),
                    "standing in");
        }
    }

    @Dependent
    static class Drawer implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<String> kept = new ArrayList<>();

        List<String> keep(String text) {
            kept.add(text);
            return kept;
        }
    }

    @MemcachedSessionScoped
    static class Keeper implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Drawer drawer;
        @Inject Instance<Drawer> drawers;
        private Drawer looked;

        String keep(String text) {
            if (looked == null) {
                looked = drawers.get();
            }
            return drawer.keep(text) + " " + looked.keep(text);
        }
    }

    /** Not a bean: named by the class that it is around. */
    static class Counting implements Serializable {
        private static final long serialVersionUID = 1L;
        private int calls;

        @AroundInvoke
        Object count(InvocationContext invocation) throws Exception {
            invocation.proceed();
            return ++calls;
        }
    }

    @MemcachedSessionScoped
    @Interceptors(Counting.class)
    static class Watched implements Serializable {
        private static final long serialVersionUID = 1L;

        int call() {
            return 0;
        }
    }

    @ApplicationScoped
    static class Producers {
        @Produces
        @MemcachedSessionScoped
        @Named("payments")
        @AllowSerialized(Voucher.class)
        Map<String, Payment> payments() {
            return new HashMap<>();
        }
    }
}
