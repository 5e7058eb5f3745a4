package org.memcachedsession.servers.inside;

import jakarta.inject.Qualifier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list of wishes, of which there is one for each occasion. */
@Qualifier
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@interface Wishes {

    Occasion value();

    /** When something is wished. */
    enum Occasion {
        BIRTHDAY,
        CHRISTMAS
    }
}
