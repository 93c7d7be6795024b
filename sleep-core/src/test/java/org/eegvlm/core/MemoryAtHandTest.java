package org.eegvlm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MemoryAtHandTest {

    private static final long MACHINE = 8_000_000L << 10;

    @TempDir
    private Path root;

    @BeforeEach
    void machine() throws IOException {
        write(
                "proc/meminfo",
                "MemTotal:       16000000 kB\nMemFree:          100000 kB\nMemAvailable:    8000000 kB\n");
    }

    @Test
    void isWhatTheMachineHasWhereNothingLimitsIt() throws IOException {
        write("proc/self/cgroup", "0::/user.slice\n");
        write("sys/fs/cgroup/user.slice/memory.max", "max\n");
        write("sys/fs/cgroup/user.slice/memory.current", "5000\n");

        assertThat(MemoryAtHand.under(root)).contains(new MemoryAtHand(MACHINE));
    }

    @Test
    void isWhatAGroupLeavesAndItsCachedFiles() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "1000000000\n");
        write("sys/fs/cgroup/memory.current", "700000000\n");
        write(
                "sys/fs/cgroup/memory.stat",
                "anon 200000000\nfile 400000000\ninactive_file 300000000\nactive_file 100000000\n");

        assertThat(MemoryAtHand.under(root)).contains(new MemoryAtHand(700_000_000));
    }

    @Test
    void isWhatTheTightestGroupAboveLeaves() throws IOException {
        write("proc/self/cgroup", "0::/pod/container\n");
        write("sys/fs/cgroup/pod/memory.max", "3000\n");
        write("sys/fs/cgroup/pod/memory.current", "1000\n");
        write("sys/fs/cgroup/pod/container/memory.max", "4000\n");
        write("sys/fs/cgroup/pod/container/memory.current", "500\n");

        assertThat(MemoryAtHand.under(root)).contains(new MemoryAtHand(2000));
    }

    @Test
    void knowsGroupsOfTheFirstVersion() throws IOException {
        write("proc/self/cgroup", "5:cpu,cpuacct:/job\n4:memory:/job\n0::/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "123\n");
        write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "1000000\n");
        write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "400000\n");
        write(
                "sys/fs/cgroup/memory/job/memory.stat",
                "inactive_file 1\ntotal_inactive_file 70000\ntotal_active_file 30000\n");

        assertThat(MemoryAtHand.under(root)).contains(new MemoryAtHand(700_000));
    }

    /** As in a container that sees its own groups under the path of the host. */
    @Test
    void takesTheGroupsThatItSeesWhereItsPathLeadsNowhere() throws IOException {
        write("proc/self/cgroup", "0::/docker/0123\n");
        write("sys/fs/cgroup/memory.max", "5000\n");
        write("sys/fs/cgroup/memory.current", "6000\n");

        assertThat(MemoryAtHand.under(root)).contains(new MemoryAtHand(0));
    }

    /** As in a container that keeps the host's view of groups. */
    @Test
    void takesTheGroupsThatItSeesWhereItsPathLeadsOut() throws IOException {
        write("proc/self/cgroup", "0::/../..\n");
        write("sys/fs/cgroup/memory.max", "5000\n");
        write("sys/fs/cgroup/memory.current", "1000\n");

        assertThat(MemoryAtHand.under(root)).contains(new MemoryAtHand(4000));
    }

    @Test
    void isUnknownWhereTheSystemDoesNotTell() throws IOException {
        assertThat(MemoryAtHand.under(root.resolve("proc"))).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void isKnownOnLinux() {
        var now = MemoryAtHand.now().orElseThrow();

        assertThat(now.bytes()).isPositive();
        assertThat(now.heap()).isEqualTo(Runtime.getRuntime().maxMemory());
    }

    private void write(String path, String text) throws IOException {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
