package org.memcachedsession;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.Documented;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * On a method that logs somebody in: once it has <em>succeeded</em>, the session gets a new id, and the old
 * one, which an attacker may have planted in the browser, is dead at once. For logins that the container does
 * not know of; where it does (form, {@code HttpServletRequest.login}, Jakarta Security), the id changes
 * without the annotation, and once all the same.
 *
 * <pre>{@code
 * @POST
 * @Path("login")
 * @RotateSessionId
 * public Response login(Credentials credentials) {
 *     Optional<User> user = users.find(credentials);
 *     user.ifPresent(visitor::become); // a bean of the session
 *     return Response.status(user.isPresent() ? 204 : 401).build();
 * }
 * }</pre>
 *
 * <h2>What success is</h2>
 *
 * <p>A method has not succeeded if it throws, or returns
 *
 * <ul>
 *   <li>{@code false}
 *   <li>{@code null}, which stands for a user that was not found, unless its type is {@code void} or {@code
 *       Void}, or a type parameter or wildcard, which may stand for it
 *   <li>an empty {@code Optional}
 *   <li>an {@code AuthenticationStatus} other than {@code SUCCESS}
 *   <li>a {@code CredentialValidationResult} whose status is not {@code VALID}
 *   <li>a JAX-RS {@code Response} with a status of 400 or more.
 * </ul>
 *
 * <p>Anything else is success, {@code void} too. So a JAX-RS method that answers through {@code AsyncResponse}
 * succeeds when it returns: annotate what it calls in its place, or let it return a {@code CompletionStage}.
 *
 * <p>A {@code CompletionStage} counts when it completes, by its value and by the same rules. What depends on
 * the returned stage runs after that, unless the method declares a class of its own that a {@code
 * CompletableFuture} is not.
 *
 * <p>Within a transaction the method has succeeded when that is committed; a rollback, by an exception or by
 * {@code setRollbackOnly}, leaves the id.
 *
 * <h2>What happens then</h2>
 *
 * <p>As with {@link MemcachedSession#rotateId()}: beans with {@link DropOnLogin} end, and when the answer
 * leaves, the session gets a new id, one however many annotated methods were called, and its absolute timeout
 * begins anew. Without a session nothing happens; one that begins later in the request is new anyway.
 *
 * <p>If the answer leaves before it is known how the login ends (the method sends it, the stage is not complete,
 * the transaction goes on), the session gets a new id then: one too many harms nobody, while what the login has
 * changed must not be stored under the old one.
 *
 * <h2>When it is too late</h2>
 *
 * <p>A new id travels in a cookie. So the annotated method is not called at all, and nothing has changed, if
 * the answer is on its way already or the caller is a WebSocket message ({@link IllegalStateException}), or a
 * thread that serves no request ({@link ContextNotActiveException}; {@link MemcachedSession#capture(Runnable)}
 * hands the request on).
 *
 * <p>A login that ends after its request, or after an answer that has left unnoticed, cannot change the id any
 * more. Then nothing that the request changes from there on is stored, and the caller gets an {@link
 * IllegalStateException}; after a stage or a transaction, where nobody hears it, an error is logged.
 *
 * <h2>Where it works</h2>
 *
 * <p>On methods of CDI beans and enterprise beans, and on their classes for all their methods, also by a
 * stereotype. It needs no entry in {@code beans.xml}; but a JAX-RS resource is a CDI bean on every server
 * only with a scope, such as {@code @RequestScoped}. As with every interceptor, a call within the object
 * ({@code this.login()}) is not noticed; a private or static method, which nobody intercepts, fails the
 * deployment. On a class that is {@link MemcachedSessionScoped} itself it works, with a warning at
 * deployment: the state of an intercepted bean can only be read by the same server product with the same
 * archive name. Put it on what calls that bean.
 */
@Inherited
@Documented
@InterceptorBinding
@Retention(RUNTIME)
@Target({TYPE, METHOD})
public @interface RotateSessionId {}
