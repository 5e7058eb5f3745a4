package org.memcachedsession.cdi;

import java.util.Optional;
import java.util.function.Supplier;
import org.memcachedsession.codec.BeanSerialization;
import org.memcachedsession.codec.Shape;
import org.memcachedsession.session.Entry;

/**
 * What a bean was read from. When it is written as it is, its bytes may be others: another version of the
 * application has written it, a hash table in it gives its elements in another order, or it is in a stream with the JDK's
 * own descriptors. Who only looks at such
 * a bean is not to store it anew: not without what another version alone knows, and not over what another
 * request has changed meanwhile.
 *
 * <p>For the threads of one request, one at a time.
 */
final class AsRead {

    private final Entry stored;
    private final Optional<Shape> shape;
    private final boolean mayGiveOtherBytes;
    private final Supplier<Optional<Entry>> asItWouldBe;
    private Optional<Entry> unchanged;

    private AsRead(
            Entry stored,
            Optional<Shape> shape,
            boolean mayGiveOtherBytes,
            Supplier<Optional<Entry>> asItWouldBe) {
        this.stored = stored;
        this.shape = shape;
        this.mayGiveOtherBytes = mayGiveOtherBytes;
        this.asItWouldBe = asItWouldBe;
    }

    /**
     * @param shape of the object that was read; none where it cannot be told
     * @param asItWouldBe what the very object gives that was read, before anybody changes it
     */
    static AsRead now(Entry stored, Optional<Shape> shape, Optional<Entry> asItWouldBe) {
        return new AsRead(stored, shape, true, () -> asItWouldBe);
    }

    /**
     * @param shape as for {@link #now}
     * @param asItWouldBe gives what another object gives that was read from the same; asked only if bytes are
     *     others, since most are not
     */
    static AsRead later(
            Entry stored,
            Optional<Shape> shape,
            boolean mayGiveOtherBytes,
            Supplier<Optional<Entry>> asItWouldBe) {
        return new AsRead(stored, shape, mayGiveOtherBytes, asItWouldBe);
    }

    /** Whether it is as it was read, told without writing it. */
    boolean isSurelyUnchanged() {
        return shape.isPresent() && shape.get().isUnchanged();
    }

    /** What is to be stored for a bean that is now written like this: what is stored, unless it has changed. */
    Entry orStored(Entry written) {
        return !written.equals(stored) && isUnchanged(written) ? stored : written;
    }

    private boolean isUnchanged(Entry written) {
        if (unchanged == null) {
            boolean mayBe = isOfOtherForm(written) || mayGiveOtherBytes;
            unchanged = mayBe ? asItWouldBe.get() : Optional.empty();
        }
        return unchanged.filter(written::equals).isPresent();
    }

    private boolean isOfOtherForm(Entry written) {
        return BeanSerialization.formOf(written.bytes())
                != BeanSerialization.formOf(stored.bytes());
    }
}
