package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.memcachedsession.RotateSessionId;
import org.memcachedsession.SlidingExpiry;

/**
 * The beans with our interceptors, and what {@link SlidingExpiry} says of their methods: in Jakarta EE 10
 * nobody tells an interceptor which annotation it stands there for. Filled at deployment, then only read, by
 * many threads at once.
 */
final class InterceptedBeans {

    private static final List<Class<? extends Annotation>> BINDINGS =
            List.of(RotateSessionId.class, SlidingExpiry.class);

    private record Expiries(Optional<Expiry> ofClass, Map<Method, Expiry> ofMethods) {}

    private final Map<Class<?>, Expiries> expiries = new HashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    /** Finds what is there, and what is wrong with it. */
    void add(AnnotatedType<?> bean, BeanManager beanManager) {
        Bindings bindings = new Bindings(beanManager);
        String name = bean.getJavaClass().getName();
        Optional<Expiry> ofClass =
                bindings.find(SlidingExpiry.class, bean.getAnnotations())
                        .flatMap(binding -> read(binding, name));
        Map<Method, Expiry> ofMethods = new HashMap<>();
        for (AnnotatedMethod<?> method : bean.getMethods()) {
            Method java = method.getJavaMember();
            String place = name + "." + java.getName() + "()";
            bindings.find(SlidingExpiry.class, method.getAnnotations())
                    .flatMap(binding -> read(binding, place))
                    .ifPresent(expiry -> ofMethods.put(java, expiry));
            requireInterceptable(method, place, bindings);
        }
        if (ofClass.isPresent() || !ofMethods.isEmpty()) {
            expiries.put(bean.getJavaClass(), new Expiries(ofClass, ofMethods));
        }
    }

    private Optional<Expiry> read(SlidingExpiry binding, String place) {
        boolean isIdleRight = check(place, "idle", binding.idle(), Expiry::idle);
        boolean isAbsoluteRight = check(place, "absolute", binding.absolute(), Expiry::absolute);
        return isIdleRight && isAbsoluteRight ? Optional.of(Expiry.of(binding)) : Optional.empty();
    }

    private boolean check(String place, String member, String text, Consumer<String> reader) {
        try {
            reader.accept(text);
            return true;
        } catch (IllegalArgumentException e) {
            problems.add(Problems.wrongExpiry(place, member, text, e.getMessage()));
            return false;
        }
    }

    /** What the container leaves out without a word would be a login that gives no new id. */
    private void requireInterceptable(AnnotatedMethod<?> method, String place, Bindings bindings) {
        int modifiers = method.getJavaMember().getModifiers();
        if (!Modifier.isPrivate(modifiers) && !Modifier.isStatic(modifiers)) {
            return;
        }
        for (Class<? extends Annotation> binding : BINDINGS) {
            if (bindings.find(binding, method.getAnnotations()).isPresent()) {
                problems.add(Problems.notIntercepted(place, binding));
            }
        }
    }

    /** Which of our bindings stand on a bean or its methods. */
    static List<Class<? extends Annotation>> bindingsOf(
            AnnotatedType<?> bean, BeanManager beanManager) {
        Bindings bindings = new Bindings(beanManager);
        Set<Annotation> annotations = new HashSet<>(bean.getAnnotations());
        bean.getMethods().forEach(method -> annotations.addAll(method.getAnnotations()));
        return BINDINGS.stream()
                .filter(binding -> bindings.find(binding, annotations).isPresent())
                .toList();
    }

    /** Whether a call may say, after its request has used the session, that it does not keep that alive. */
    boolean havePolls() {
        return expiries.values().stream()
                .flatMap(
                        bean ->
                                Stream.concat(
                                        bean.ofClass().stream(),
                                        bean.ofMethods().values().stream()))
                .anyMatch(expiry -> !expiry.extend());
    }

    /** What is wrong, in words. */
    Set<String> problems() {
        return Collections.unmodifiableSet(problems);
    }

    /**
     * What holds for a call.
     *
     * @param target the class of the instance, often a subclass that the container has made
     */
    Expiry expiryOf(Class<?> target, Method method) {
        Optional<Expiries> found = find(target);
        return found.map(bean -> bean.ofMethods().get(method))
                .or(() -> declaredOn(method))
                .or(() -> found.flatMap(Expiries::ofClass))
                .or(() -> declaredOn(target))
                .orElse(Expiry.USUAL);
    }

    private Optional<Expiries> find(Class<?> target) {
        for (Class<?> type = target; type != null; type = type.getSuperclass()) {
            Expiries found = expiries.get(type);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** For instances of no bean, as an {@code InterceptionFactory} makes them. */
    private static Optional<Expiry> declaredOn(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(SlidingExpiry.class)).map(Expiry::of);
    }
}
