package org.memcachedsession;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Documented;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * On a {@link MemcachedSessionScoped} bean, or its producer: it is not carried over when somebody logs in.
 * What it held was said by a visitor whom nobody knew, or by an attacker who has planted the visitor's
 * cookie; it is destroyed ({@code @PreDestroy}) and the logged-in user begins with a new one. Other beans,
 * such as a cart, are carried over.
 *
 * <p>It happens at the login itself, where that goes through the request ({@code login}, {@code
 * authenticate}, {@code changeSessionId}), {@link RotateSessionId} or {@link MemcachedSession#rotateId()},
 * so that what the request makes after it stays; else when the session is first used after it.
 */
@Inherited
@Documented
@Retention(RUNTIME)
@Target({TYPE, METHOD, FIELD})
public @interface DropOnLogin {}
