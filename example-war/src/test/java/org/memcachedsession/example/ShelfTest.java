package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShelfTest {

    private final Shelf shelf = new Shelf();

    @Test
    void everyProductIsFoundByItsId() {
        assertThat(shelf.products())
                .isNotEmpty()
                .allSatisfy(product -> assertThat(shelf.get(product.id())).isSameAs(product));
    }

    @Test
    void anUnknownProductIsRefusedWithoutRepeatingWhatTheClientSent() {
        assertThatThrownBy(() -> shelf.get("<script>"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.status()).isEqualTo(404))
                .hasMessage("The shop has no product of this name.");
    }
}
