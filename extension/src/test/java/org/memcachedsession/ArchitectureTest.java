package org.memcachedsession;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.memcachedsession.session.Budget;
import org.memcachedsession.session.CurrentUnitOfWork;

/** The rooms of the house and who may know whom: docs/architecture.md tells why. */
@AnalyzeClasses(
        packages = "org.memcachedsession",
        importOptions = {
            ImportOption.DoNotIncludeTests.class,
            ArchitectureTest.WithoutToolsOfTests.class
        })
class ArchitectureTest {

    private static final String API = "org.memcachedsession";
    private static final String SESSION = "org.memcachedsession.session..";
    private static final String CODEC = "org.memcachedsession.codec..";
    private static final String STORE = "org.memcachedsession.store..";
    private static final String CONFIG = "org.memcachedsession.config..";
    private static final String HTTP = "org.memcachedsession.http..";

    static final class WithoutToolsOfTests implements ImportOption {
        @Override
        public boolean includes(com.tngtech.archunit.core.importer.Location location) {
            return !location.contains("embedded-memcached") && !location.contains("history");
        }
    }

    @ArchTest
    static void theRulesLookAtTheLibrary(JavaClasses classes) {
        assertThat(classes.size()).isBetween(80, 400);
        assertThat(classes.contain(CurrentUnitOfWork.class)).isTrue();
    }

    @ArchTest
    static final ArchRule SESSION_KNOWS_NOBODY =
            classes()
                    .that()
                    .resideInAPackage(SESSION)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", API, SESSION);

    @ArchTest
    static final ArchRule CODEC_KNOWS_SESSION =
            classes()
                    .that()
                    .resideInAPackage(CODEC)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..", "javax.crypto..", "org.apache.fory..", API, SESSION, CODEC);

    @ArchTest
    static final ArchRule STORE_KNOWS_SESSION_AND_THE_CLIENT =
            classes()
                    .that()
                    .resideInAPackage(STORE)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "net.rubyeye.xmemcached..",
                            "com.google.code.yanf4j..",
                            API,
                            SESSION,
                            STORE);

    @ArchTest
    static final ArchRule CONFIG_KNOWS_NOBODY =
            classes()
                    .that()
                    .resideInAPackage(CONFIG)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", "org.eclipse.microprofile.config..", API, CONFIG);

    @ArchTest
    static final ArchRule HTTP_KNOWS_SESSION =
            classes()
                    .that()
                    .resideInAPackage(HTTP)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "jakarta.annotation..",
                            "jakarta.security.enterprise..",
                            "jakarta.servlet..",
                            "jakarta.ws.rs..",
                            API,
                            SESSION,
                            HTTP);

    /** Servers may lack it: whoever names it is loaded only where it is there. */
    @ArchTest
    static final ArchRule JAKARTA_SECURITY_IS_NAMED_AROUND_MECHANISMS_ALONE =
            noClasses()
                    .that()
                    .haveNameNotMatching(
                            "org\\.memcachedsession\\.(http|cdi)\\.Mechanism[A-Z].*|"
                                    + "org\\.memcachedsession\\.cdi\\.Success.*")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("jakarta.security.enterprise..");

    @ArchTest
    static final ArchRule WHAT_USERS_IMPORT_KNOWS_NO_ROOM_BUT_THE_SETTINGS_THEIR_PARSER =
            noClasses()
                    .that()
                    .resideInAPackage(API)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(SESSION, CODEC, STORE, HTTP, "org.memcachedsession.cdi..");

    @ArchTest
    static final ArchRule OBJECTS_ARE_READ_IN_ONE_PLACE =
            noClasses()
                    .that()
                    .haveNameNotMatching(
                            "org\\.memcachedsession\\.codec\\.(JavaSerialization.*|BeanInput|ClassDescription.*|SkimmingInput)")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(java.io.ObjectInputStream.class);

    /** An application may lack it. */
    @ArchTest
    static final ArchRule FORY_IS_NAMED_WHERE_ITS_ABSENCE_HARMS_NOBODY =
            noClasses()
                    .that()
                    .haveNameNotMatching("org\\.memcachedsession\\.codec\\.Fory[A-Z].*")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.fory..");

    @ArchTest
    static final ArchRule THREADS_CARRY_STATE_IN_TWO_PLACES =
            fields().that()
                    .haveRawType(ThreadLocal.class)
                    .should()
                    .beDeclaredIn(CurrentUnitOfWork.class)
                    .orShould()
                    .beDeclaredIn(Budget.class);

    @ArchTest
    static final ArchRule CHANCE_IS_STRONG =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching("java\\.util\\.(Random|SplittableRandom)");

    @ArchTest
    static final ArchRule LOGS_GO_THROUGH_THE_PLATFORM =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.slf4j..", "java.util.logging..");
}
