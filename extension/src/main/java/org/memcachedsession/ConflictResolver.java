package org.memcachedsession;

/**
 * Makes one state of a bean that two requests have changed at the same time. A CDI bean of any scope
 * that implements this for the type of a bean with {@link OnConflict @OnConflict(RESOLVE)}: for its
 * class, or for the type that its producer declares. Without one the deployment fails.
 *
 * <pre>{@code
 * @ApplicationScoped
 * public class CartResolver implements ConflictResolver<Cart> {
 *     public Cart resolve(Cart base, Cart theirs, Cart ours) {
 *         theirs.addAllThatIsNewIn(ours, base);
 *         return theirs;
 *     }
 * }
 * }</pre>
 *
 * <p>It is called before the answer leaves, on the thread of the request that is saved later, and once
 * more for each time that this request loses the race again. So it must do nothing but merge.
 *
 * @param <T> the type of the bean
 */
public interface ConflictResolver<T> {

    /**
     * Gives the state to store. All three are copies that nobody else has: they may be changed and
     * returned.
     *
     * @param base what both requests began with; null if there was no bean yet and both created it
     * @param theirs what the other request has stored
     * @param ours what this request would store
     * @return one of the three or another instance, not null. One with injected fields or interceptors
     *     must be one of the three
     * @throws RuntimeException the request fails as with {@link ConflictPolicy#FAIL}
     */
    T resolve(T base, T theirs, T ours);
}
