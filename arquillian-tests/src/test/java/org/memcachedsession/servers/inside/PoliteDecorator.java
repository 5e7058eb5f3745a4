package org.memcachedsession.servers.inside;

import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.io.Serializable;

@Decorator
@Priority(Interceptor.Priority.APPLICATION)
class PoliteDecorator implements Greeter, Serializable {

    private static final long serialVersionUID = 1;

    @Inject @Delegate @Any Greeter delegate;

    private int bows;

    @Override
    public String greet(String name) {
        return delegate.greet("dear " + name) + ", bow " + ++bows;
    }
}
