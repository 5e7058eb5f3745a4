package org.memcachedsession.cdi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Notes what a store is asked for. */
final class StoreCalls implements InMemorySessionStore.Calls {

    private final List<Operation> operations = Collections.synchronizedList(new ArrayList<>());

    static StoreCalls of(InMemorySessionStore store) {
        StoreCalls calls = new StoreCalls();
        store.observe(calls);
        return calls;
    }

    @Override
    public void before(Operation operation, ItemKey key) {
        operations.add(operation);
    }

    /** What was asked since the last look. */
    List<Operation> take() {
        synchronized (operations) {
            List<Operation> taken = List.copyOf(operations);
            operations.clear();
            return taken;
        }
    }
}
