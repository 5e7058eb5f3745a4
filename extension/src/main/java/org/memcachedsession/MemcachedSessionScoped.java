package org.memcachedsession;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.context.NormalScope;
import java.lang.annotation.Documented;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * The bean lives as long as the browser's session, and the session lives in a pool of memcached
 * servers: the next request finds it on whichever node it arrives. memcached tells nobody when a
 * session expires or makes room for another, so then no {@code @PreDestroy} runs and no event is
 * fired, on any node. They do run when a request ends a session: by {@link
 * MemcachedSession#invalidate()}, by a logout, or for another cause of {@link SessionEnded}.
 *
 * <pre>{@code
 * @MemcachedSessionScoped
 * public class Cart implements Serializable {
 *     private static final long serialVersionUID = 1L;
 *     private final List<Item> items = new ArrayList<>();
 *
 *     public void add(Item item) {
 *         items.add(item);
 *     }
 * }
 * }</pre>
 *
 * <h2>What a bean must be</h2>
 *
 * <p>Serializable with all it holds; declare {@code serialVersionUID}, or any change of the class makes
 * the stored state unreadable. Proxyable: not final, with a constructor without parameters that is
 * not private. What is injected must be serializable too, as CDI demands of a passivating scope; client
 * proxies of normal scopes, {@code Event}, {@code Instance} and {@code BeanManager} are. A {@code
 * transient} field is empty after the request, also an injected one.
 *
 * <p>What it holds has to be seen in its fields: their types, and from there on, are the classes that are
 * read back, with the values and collections of the JDK. What hides behind an interface or {@code Object}
 * is named by {@link AllowSerialized}, or the save fails. So it does for a chain of objects, each held by
 * the one before, of more than 300.
 *
 * <p>On a producer method or field, the product is what is stored.
 *
 * <h2>A request works on its own copies</h2>
 *
 * <p>Two requests of one browser that run side by side have different instances, on one node as on
 * two. Each saves what it changed, bean by bean, and the beans that it did not change stay as the other
 * one saved them. If both changed the same bean, the later save wins, with a warning in the log, unless
 * {@link OnConflict} on the bean says otherwise; a bean that one of them removed stays removed. So
 * {@code synchronized} in a bean guards nothing between requests, and what belongs together belongs
 * into one bean. Two beans that share an object have one each after the request.
 *
 * <h2>When it is saved</h2>
 *
 * <p>When the answer is about to leave: at a redirect, an error, a flush, the last byte of a known
 * length or one more than the response buffer holds, or else when the application is done. A client
 * that acts on the answer sees what it wrote, on any node. What changes later, while the answer is
 * being streamed, is saved at the end, before the last byte: an event that tells of a change may arrive
 * before the change is stored. A bean that is unchanged to the byte is not written.
 *
 * <p>No bean, no session: a request gets a cookie when it <em>creates</em> a bean. That must happen
 * before the answer leaves, or it is an {@link IllegalStateException}.
 *
 * <p>No cache that users share keeps an answer that a session went into: it says {@code Vary: Cookie}
 * and {@code Cache-Control: private}, unless the application said {@code private}, {@code no-cache} or
 * {@code no-store} itself, and {@code no-store} where it gives or takes back the cookie. For that, too,
 * the first bean has to be used before the answer leaves.
 *
 * <h2>At login and logout</h2>
 *
 * <p>When somebody logs in, by any way that the container knows of, or by a method with {@link
 * RotateSessionId}, the session goes on under a new id as the answer leaves, and the old id is dead at
 * once: whoever has planted it gets nothing. Beans are carried over, but for those with {@link
 * DropOnLogin}. A request that was on its way under the old id stores nothing any more ({@link
 * SessionLost}), and neither it nor an old tab sets a cookie. The session remembers whose it is: where
 * another user comes with it, it is ended, and not one of its beans is shown. {@code
 * HttpServletRequest.logout()} and {@link MemcachedSession#invalidate()} end it; {@link MemcachedSessions}
 * ends those of one user, wherever they are.
 *
 * <h2>How long it lives</h2>
 *
 * <p>Until no request has come for the idle timeout, or until its absolute timeout is over, counted from
 * its creation or its last login. Every request keeps it alive, but those of paths in {@code
 * memcached.session.slide.exclude} and of calls with {@link SlidingExpiry @SlidingExpiry(extend =
 * false)}; with {@code memcached.session.slide=use} only those that use it. One session can have other
 * times ({@link MemcachedSession#setIdleTimeout}, {@link SlidingExpiry}).
 *
 * <h2>On other threads</h2>
 *
 * <p>A task that {@link MemcachedSession#capture(Runnable)} has wrapped works on the instances of its
 * request, and so do tasks of the server's {@code ManagedExecutorService} (Jakarta Concurrency, context
 * type {@code MemcachedSession}) and of MicroProfile Context Propagation, unless they are configured
 * otherwise. The request saves what they change: let them end before its answer leaves.
 *
 * <h2>When it is not there</h2>
 *
 * <p>Without a request (timers, messages, threads of your own, start-up) and after its end: {@link
 * jakarta.enterprise.context.ContextNotActiveException}, which says why. When memcached does not
 * answer: {@link SessionStoreException}, which becomes an answer 503 unless the application catches it;
 * requests that use no bean of the scope do not notice. When the session was ended, expired or evicted
 * meanwhile: nothing brings it back, the request's changes are dropped, and the browser begins anew.
 *
 * <p>If the class has changed so that the stored state cannot be read, that bean alone begins anew,
 * with a warning in the log and the event {@link BeanDiscarded}. A bean that was intercepted, decorated
 * or injected into carries objects of its container; it is read by the same server product with the same
 * archive name. All other beans are read by every server.
 *
 * <h2>What it is not for</h2>
 *
 * <p>State that must not be lost: memcached may forget, and does at a restart. Large state: each
 * request that uses a bean reads the whole session, and one above {@code memcached.session.size.limit} is
 * not saved ({@link SessionTooLargeException}, an answer 500). State shared between browsers.
 *
 * @see MemcachedSession
 */
@NormalScope(passivating = true)
@Inherited
@Documented
@Retention(RUNTIME)
@Target({TYPE, METHOD, FIELD})
public @interface MemcachedSessionScoped {}
