package org.memcachedsession;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.Documented;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Says what calls of a method do to the time that the session lives.
 *
 * <p>Any request keeps its session alive. One that a page sends by itself, again and again, should not: it
 * would do so for as long as the page is open.
 *
 * <pre>{@code
 * @GET
 * @Path("messages/count")
 * @SlidingExpiry(extend = false)
 * public int count() { … }
 * }</pre>
 *
 * <p>A session may live by times of its own, as of a user who wants to be remembered:
 *
 * <pre>{@code
 * @RotateSessionId
 * @SlidingExpiry(idle = "P14D", absolute = "P90D")
 * public Optional<User> loginAndRemember(Credentials credentials) { … }
 * }</pre>
 *
 * <p>{@link #idle} and {@link #absolute} count once the method has succeeded, by the rules of {@link
 * RotateSessionId}: not if it throws, returns {@code false} and the like, or its transaction is rolled back;
 * a {@code CompletionStage} counts when it completes. If that is after the end of the request, an error is
 * logged and the times stay. They are stored when the answer leaves; without a session they count for one
 * that begins later in this request. A cookie that is to outlive the browser needs {@code
 * memcached.session.cookie.max-age} besides.
 *
 * <p>A method with {@link #idle} or {@link #absolute} that is called by a thread which serves no request is
 * not called at all ({@link ContextNotActiveException}). Where the annotation can stand, and what it does
 * not notice, is told at {@link RotateSessionId}; on the method it takes the place of one on the class.
 * Wrong texts fail the deployment.
 *
 * @see MemcachedSession#setIdleTimeout
 */
@Inherited
@Documented
@InterceptorBinding
@Retention(RUNTIME)
@Target({TYPE, METHOD})
public @interface SlidingExpiry {

    /**
     * Whether a request that calls the method keeps its session alive. With false it does not, whatever else
     * it does, also if the method fails; what it changes is stored.
     */
    @Nonbinding
    boolean extend() default true;

    /**
     * How long the session lives without a request from now on: a duration of ISO 8601, such as {@code
     * P14D} or {@code PT30M}, 1 second to 30 days. Where that is longer than the session may live at all,
     * set {@link #absolute} too. As it was, if empty.
     */
    @Nonbinding
    String idle() default "";

    /**
     * How long the session lives at most from now on, counted from its last login, or from its creation if
     * there was none: a duration of ISO 8601, 1 second to 365 days. As it was, if empty.
     */
    @Nonbinding
    String absolute() default "";
}
