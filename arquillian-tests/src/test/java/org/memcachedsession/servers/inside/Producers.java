package org.memcachedsession.servers.inside;

import static org.memcachedsession.servers.inside.Wishes.Occasion.BIRTHDAY;
import static org.memcachedsession.servers.inside.Wishes.Occasion.CHRISTMAS;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.memcachedsession.MemcachedSessionScoped;

@Dependent
class Producers {

    @Produces @MemcachedSessionScoped final Map<String, String> labels = new TreeMap<>();

    @Produces
    @Database
    @Resource(lookup = "java:comp/DefaultDataSource")
    DataSource database;

    @Produces
    @MemcachedSessionScoped
    @Wishes(BIRTHDAY)
    List<String> birthdayWishes() {
        return new ArrayList<>();
    }

    @Produces
    @MemcachedSessionScoped
    @Wishes(CHRISTMAS)
    List<String> christmasWishes() {
        return new ArrayList<>();
    }

    void dispose(@Disposes @Wishes(BIRTHDAY) List<String> wishes, Diary diary) {
        diary.note("disposed of " + wishes);
    }

    /** Cannot be stored, which shows only at run time. */
    @Produces
    @MemcachedSessionScoped
    Runnable unstorable() {
        return new Runnable() {
            @Override
            public void run() {}
        };
    }
}
