package org.memcachedsession.servers.inside;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.Serializable;

/** Belongs to the bean into which it is injected. */
@Dependent
class Part implements Serializable {

    private static final long serialVersionUID = 1;

    @Inject Diary diary;

    private int uses;

    int use() {
        return ++uses;
    }

    @PreDestroy
    void end() {
        diary.note("part ended after " + uses + " uses");
    }
}
