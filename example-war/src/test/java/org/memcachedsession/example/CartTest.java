package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CartTest {

    private final Shelf shelf = new Shelf();
    private final Product sencha = shelf.get("sencha");
    private final Product teapot = shelf.get("teapot");
    private final Cart cart = new Cart();

    @Test
    void addedProductsAreCounted() {
        cart.add(sencha);
        cart.add(teapot);
        cart.add(sencha);

        assertThat(cart.quantities())
                .containsExactly(Map.entry("sencha", 2), Map.entry("teapot", 1));
    }

    @Test
    void aQuantityOfNoneTakesTheProductOut() {
        cart.add(sencha);

        cart.setQuantity(sencha, 0);

        assertThat(cart.quantities()).isEmpty();
    }

    @Test
    void aRemovedProductIsGone() {
        cart.add(sencha);
        cart.add(teapot);

        cart.remove(sencha);

        assertThat(cart.quantities()).containsOnlyKeys("teapot");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 100, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aQuantityOutOfRangeIsRefusedAndChangesNothing(int quantity) {
        cart.setQuantity(sencha, 3);

        assertThatThrownBy(() -> cart.setQuantity(sencha, quantity))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessage("The quantity is %d. It must be from 0 to 99.".formatted(quantity));
        assertThat(cart.quantities()).containsEntry("sencha", 3);
    }

    @Test
    void theHundredthOfOneProductIsRefused() {
        cart.setQuantity(sencha, 99);

        assertThatThrownBy(() -> cart.add(sencha)).isInstanceOf(RefusedException.class);
        assertThat(cart.quantities()).containsEntry("sencha", 99);
    }

    @Test
    void aCartSurvivesSerialization() throws IOException, ClassNotFoundException {
        cart.setQuantity(teapot, 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(cart);
        }

        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((Cart) in.readObject()).quantities()).containsOnly(Map.entry("teapot", 2));
        }
    }

    @Test
    void theViewHasTodaysPricesAndTheTotal() {
        cart.setQuantity(sencha, 2);
        cart.setQuantity(teapot, 1);

        CartView view = CartView.of(cart.quantities(), shelf);

        assertThat(view.lines())
                .containsExactly(
                        new CartView.Line("sencha", "Sencha", 2, 890, 1780),
                        new CartView.Line("teapot", "Teapot", 1, 3200, 3200));
        assertThat(view.count()).isEqualTo(3);
        assertThat(view.totalCents()).isEqualTo(4980);
    }

    @Test
    void theViewLeavesOutWhatTheShopNoLongerSells() {
        assertThat(CartView.of(Map.of("samovar", 1), shelf))
                .isEqualTo(new CartView(List.of(), 0, 0));
    }
}
