package org.memcachedsession.servers.canary;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.servers.Gates;

/** What requests do to their session. */
@RequestScoped
public class Deeds {

    @Inject Diary diary;
    @Inject MemcachedSession session;
    @Inject Accounts accounts;
    @Inject Gates gates;
    @Inject Recorder recorder;

    /**
     * @param gate where a slow one waits
     * @return the fingerprint of the session, or why there is none
     */
    String perform(String deed, String gate) {
        recorder.note("application", "asked to " + deed);
        switch (deed) {
            case "write" -> diary.write();
            case "write-slowly" -> {
                diary.write();
                gates.open(gate + "-reached");
                gates.await(gate);
            }
            case "await" -> gates.await(gate);
            case "open" -> gates.open(gate);
            case "write-too-much" -> diary.writeTooMuch();
            case "paste-in" -> diary.pasteIn();
            case "read" -> diary.isEmpty();
            case "look" -> {}
            case "log-in" -> accounts.logIn();
            case "log-out" -> session.invalidate();
            case "write-and-fail" -> {
                diary.write();
                throw new IllegalStateException("on purpose");
            }
            case "look-at-managed-beans" -> recorder.noteManagedBeans();
            default -> throw new IllegalArgumentException(deed);
        }
        return state();
    }

    private String state() {
        recorder.note("application", "has " + session);
        return session.fingerprint().orElseGet(() -> session.origin().toString());
    }
}
