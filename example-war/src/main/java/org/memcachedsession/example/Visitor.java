package org.memcachedsession.example;

import java.io.Serializable;
import java.util.Optional;
import org.memcachedsession.MemcachedSessionScoped;

/** Who says to be there. Nobody checks it: this is a stub of a login, without a password. */
@MemcachedSessionScoped
public class Visitor implements Serializable {

    static final int LONGEST_NAME = 40;

    private static final long serialVersionUID = 1L;

    private String name;

    /**
     * @throws RefusedException {@link #checkedName} refuses it
     */
    public void signIn(String name) {
        this.name = checkedName(name);
    }

    /**
     * The name without the blanks around it.
     *
     * @param name without them 1 to {@value #LONGEST_NAME} characters
     * @throws RefusedException it is too long, empty, or has control characters
     */
    static String checkedName(String name) {
        String stripped = name.strip();
        if (stripped.isEmpty()
                || stripped.codePointCount(0, stripped.length()) > LONGEST_NAME
                || stripped.codePoints().anyMatch(Character::isISOControl)) {
            throw new RefusedException(
                    400, "A name has 1 to " + LONGEST_NAME + " characters, all of them printable.");
        }
        return stripped;
    }

    public Optional<String> name() {
        return Optional.ofNullable(name);
    }
}
