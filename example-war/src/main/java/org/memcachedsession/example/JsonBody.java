package org.memcachedsession.example;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;

/** The JSON object that a client sent, read member by member so that each mistake gets an answer of its own. */
record JsonBody(JsonObject object) {

    /**
     * @throws RefusedException the text is not a JSON object
     */
    static JsonBody of(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return new JsonBody(reader.readObject());
        } catch (JsonException e) {
            throw new RefusedException(400, "The body is not a JSON object.");
        }
    }

    /**
     * @throws RefusedException it is not there, or not a whole number
     */
    int integer(String member) {
        if (object.get(member) instanceof JsonNumber number) {
            try {
                return number.intValueExact();
            } catch (ArithmeticException e) {
                throw notAn("integer", member);
            }
        }
        throw notAn("integer", member);
    }

    /**
     * @throws RefusedException it is not there, or not a text
     */
    String string(String member) {
        if (object.get(member) instanceof JsonString string) {
            return string.getString();
        }
        throw notAn("string", member);
    }

    private static RefusedException notAn(String kind, String member) {
        return new RefusedException(
                400, "The body needs a member \"%s\" of type %s.".formatted(member, kind));
    }
}
