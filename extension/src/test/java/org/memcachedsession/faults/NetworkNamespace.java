package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A network of its own for a server, and a cable to it: a pair of virtual network devices, one of which is here. What is
 * sent while it is unplugged is lost, and nobody tells the sender. That takes Linux, root, and the programs of iproute2
 * and util-linux; where they are not to be had the test is skipped, in CI too, and the log says why.
 *
 * <p>The cable goes with this JVM, however that ends.
 */
final class NetworkNamespace implements AutoCloseable {

    private static final String READY = "ready";
    private static final String FAR_DEVICE = "far";

    /** One that nobody has bought. */
    private static final String FAR_HARDWARE = "02:00:00:00:00:02";

    /** 198.18.0.0/15 is for measuring network devices, so no host has an address of it. */
    private static final int SPARE_ADDRESSES = 0xC612_0000;

    private static final int ADDRESSES_OF_A_CABLE = 4; // of which its ends have the middle ones
    private static final int CABLES = 0x2_0000 / ADDRESSES_OF_A_CABLE;

    private final Process holder;
    private final String nearDevice;
    private final InetAddress near;
    private final InetAddress far;

    private NetworkNamespace(Process holder) {
        this.holder = holder;
        nearDevice = "faults" + holder.pid();
        int first = SPARE_ADDRESSES + ADDRESSES_OF_A_CABLE * (int) (holder.pid() % CABLES);
        near = address(first + 1);
        far = address(first + 2);
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        } catch (UnknownHostException ofAnotherLength) {
            throw new IllegalStateException(ofAnotherLength);
        }
    }

    /** With the cable plugged in. */
    static NetworkNamespace open() {
        try {
            NetworkNamespace opened = new NetworkNamespace(hold());
            try {
                opened.connect();
                return opened;
            } catch (RuntimeException | Error failed) {
                opened.close();
                throw failed;
            }
        } catch (UncheckedIOException noSuchProgram) {
            return skip(noSuchProgram.getMessage());
        }
    }

    /** A process there. It takes the cable away when its input ends: that is closed, or this JVM has ended. */
    private static Process hold() {
        String script = "echo " + READY + "; cat >/dev/null; exec ip link delete " + FAR_DEVICE;
        Process holder = start("unshare", "--net", "sh", "-c", script);
        BufferedReader said =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8));
        try {
            String first = said.readLine();
            return READY.equals(first) ? holder : skip(first);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect() {
        say(words("ss --version")); // whoever has no such program is to know it now
        Said made =
                say(
                        words(
                                "ip link add name "
                                        + nearDevice
                                        + " type veth peer name "
                                        + FAR_DEVICE
                                        + " address "
                                        + FAR_HARDWARE
                                        + " netns "
                                        + holder.pid()));
        if (made.status() != 0) {
            skip(made.text());
        }
        here("ip address add " + near.getHostAddress() + "/30 dev " + nearDevice);
        here("ip link set " + nearDevice + " up");
        // else this end looks for it when it is unplugged, and says soon that there is no such host
        here(
                "ip neighbour add "
                        + far.getHostAddress()
                        + " lladdr "
                        + FAR_HARDWARE
                        + " nud permanent dev "
                        + nearDevice);
        there("ip address add " + far.getHostAddress() + "/30 dev " + FAR_DEVICE);
        plugIn();
    }

    /** Of whoever is there. */
    InetAddress address() {
        return far;
    }

    /** Runs there what follows it. */
    List<String> command() {
        return List.of(words(enter()));
    }

    private String enter() {
        return "nsenter --target " + holder.pid() + " --net";
    }

    /** Nothing arrives from now on. This end stays up, so that whoever sends is not told. */
    void unplug() {
        there("ip link set " + FAR_DEVICE + " down");
    }

    /** Whoever waits for an acknowledgement sends again, sooner or later. */
    void plugIn() {
        there("ip link set " + FAR_DEVICE + " up");
    }

    /** How many connections from here are asked for, and neither made nor refused. */
    long connecting() {
        return sockets("syn-sent");
    }

    /** Of how many connections from here that were given up something has not arrived. */
    long onTheWay() {
        return sockets("fin-wait-1");
    }

    private long sockets(String state) {
        String question = "ss --no-header --tcp --numeric state " + state + " dst ";
        return here(question + far.getHostAddress()).lines().count();
    }

    private void there(String command) {
        here(enter() + ' ' + command);
    }

    private static String here(String command) {
        Said said = say(words(command));
        assertThat(said.status()).as("%s: %s", command, said.text()).isZero();
        return said.text();
    }

    private static String[] words(String command) {
        return command.split(" ", -1);
    }

    private static Said say(String... command) {
        Process process = start(command);
        try {
            String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            return new Said(process.onExit().join().exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a program has said. */
    private record Said(int status, String text) {}

    private static Process start(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart.getMessage(), cannotStart);
        }
    }

    private static <T> T skip(String reason) {
        String text =
                "NOT TESTED with a server that is unplugged: this machine has no network for it ("
                        + reason
                        + "). That takes Linux, root who may change the network, and the programs"
                        + " of iproute2 and util-linux";
        System.getLogger(NetworkNamespace.class.getName()).log(System.Logger.Level.WARNING, text);
        return abort(text);
    }

    /** The cable is gone when this returns; the network goes with the last process there. */
    @Override
    public void close() {
        try {
            holder.getOutputStream().close();
            holder.onExit().join();
            assertThat(NetworkInterface.getByName(nearDevice)).isNull();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
