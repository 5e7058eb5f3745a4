package org.memcachedsession.example;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.memcachedsession.MemcachedSessionScoped;

/**
 * How many of which product. Prices are not in here: a cart may be older than the price list. Every
 * request works on its own copy, so nothing needs a lock.
 */
@MemcachedSessionScoped
public class Cart implements Serializable {

    static final int MOST_OF_ONE = 99;

    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, Integer> quantities = new LinkedHashMap<>();

    /**
     * One more.
     *
     * @throws RefusedException there are {@value #MOST_OF_ONE} of it
     */
    public void add(Product product) {
        setQuantity(product, quantities.getOrDefault(product.id(), 0) + 1);
    }

    /**
     * @param quantity 0 takes the product out
     * @throws RefusedException it is not in 0 to {@value #MOST_OF_ONE}; the cart is as it was
     */
    public void setQuantity(Product product, int quantity) {
        if (quantity < 0 || quantity > MOST_OF_ONE) {
            throw new RefusedException(
                    400,
                    "The quantity is %d. It must be from 0 to %d."
                            .formatted(quantity, MOST_OF_ONE));
        }
        if (quantity == 0) {
            quantities.remove(product.id());
        } else {
            quantities.put(product.id(), quantity);
        }
    }

    public void remove(Product product) {
        quantities.remove(product.id());
    }

    /** By product id, in the order in which they came in. */
    public Map<String, Integer> quantities() {
        return Collections.unmodifiableMap(quantities);
    }
}
