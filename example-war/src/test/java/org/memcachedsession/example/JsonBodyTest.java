package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {

    @Test
    void membersAreReadByTheirType() {
        JsonBody body = JsonBody.of("{\"quantity\": 3, \"name\": \"Ada\"}");

        assertThat(body.integer("quantity")).isEqualTo(3);
        assertThat(body.string("name")).isEqualTo("Ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "quantity=3", "[3]", "3", "{\"quantity\": 3"})
    void whatIsNotAnObjectIsRefused(String text) {
        assertThatThrownBy(() -> JsonBody.of(text))
                .isInstanceOf(RefusedException.class)
                .hasMessage("The body is not a JSON object.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"quantity\": null}",
                "{\"quantity\": \"3\"}",
                "{\"quantity\": 1.5}",
                "{\"quantity\": 99999999999}",
                "{\"quantity\": 1e1000000000}"
            })
    void whatIsNotAnIntegerIsRefused(String text) {
        assertThatThrownBy(() -> JsonBody.of(text).integer("quantity"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("The body needs a member \"quantity\" of type integer.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": null}", "{\"name\": 3}", "{\"name\": [\"Ada\"]}"})
    void whatIsNotATextIsRefused(String text) {
        assertThatThrownBy(() -> JsonBody.of(text).string("name"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("The body needs a member \"name\" of type string.");
    }
}
