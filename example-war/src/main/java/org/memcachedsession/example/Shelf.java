package org.memcachedsession.example;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** What the shop sells. */
@ApplicationScoped
public class Shelf {

    private static final List<Product> PRODUCTS =
            List.of(
                    new Product("sencha", "Sencha", "Green tea, fresh and grassy. 100\u00a0g", 890),
                    new Product("assam", "Assam", "Black tea, malty, takes milk. 100\u00a0g", 640),
                    new Product("oolong", "Oolong", "Half way between the two. 100\u00a0g", 1150),
                    new Product("rooibos", "Rooibos", "Red, sweet, no caffeine. 100\u00a0g", 520),
                    new Product("peppermint", "Peppermint", "Whole leaves. 50\u00a0g", 390),
                    new Product("teapot", "Teapot", "Stoneware, holds 0.8\u00a0litres", 3200));

    public List<Product> products() {
        return PRODUCTS;
    }

    public Optional<Product> find(String id) {
        return PRODUCTS.stream().filter(product -> product.id().equals(id)).findFirst();
    }

    /**
     * @throws RefusedException there is no such product
     */
    public Product get(String id) {
        return find(id).orElseThrow(
                        () -> new RefusedException(404, "The shop has no product of this name."));
    }
}
