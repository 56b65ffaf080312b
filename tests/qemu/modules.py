# SPDX-License-Identifier: GPL-2.0-or-later
"""cordon.ko for a kernel and a variant; the packaged modules a guest loads.

As a command: modules.py stock [variant] builds for KDIR, modules.py lint with
W=1 and sparse, in a directory of its own.
"""
import lzma
import os
import pathlib
import re
import shutil
import subprocess
import sys

import cache
import kernels

# Loaded by PID 1 in this order before any test, each after what it depends on.
EARLY = """crc32c_generic virtio_pci virtio_console unix af_packet ipv6 bridge 8021q veth
tun nf_conntrack nf_conntrack_bridge nf_conntrack_netlink nf_tables nft_ct nft_chain_nat
nft_nat nft_masq nft_redir nft_reject nft_reject_inet nft_reject_bridge nft_reject_netdev
nft_fib_inet nft_limit nft_log nft_meta_bridge nft_flow_offload nf_flow_table
nf_flow_table_inet nf_log_syslog nfnetlink_log sch_fq_codel""".split()
# There for modprobe and for the kernel's own requests.
LATE = """br_netfilter dummy macvlan ipvlan ifb vrf bonding wireguard nf_nat_ftp nf_conntrack_ftp
nf_conntrack_tftp nft_objref nft_queue nft_quota nft_hash nft_connlimit nft_socket nft_dup_netdev
nft_fwd_netdev nft_fib_ipv4 nft_fib_ipv6 nft_fib_netdev nft_compat nft_counter nft_tunnel
nfnetlink_queue act_mirred act_gact act_vlan act_pedit cls_u32 cls_flower cls_matchall sch_ingress
sch_netem sch_tbf pktgen netdevsim packet_diag inet_diag tcp_diag udp_diag netlink_diag
ipip ip_gre ppp_generic pppoe team tpm_crb tpm_tis virtio_net dm_mod""".split()
# The control builds of cordon.ko, see kmod/segment/test.h.
VARIANTS = ("accept", "deny", "wire", "tap", "keys", "defects", "mutants")
# Of these, the ones that are built of rewritten sources, see tests/defects.
SEEDED = ("defects", "mutants")
# cordon.ko itself may depend on these: Kbuild need not name them.
SUFFIXES = (".ko", ".ko.xz", ".ko.zst", ".ko.gz")


class ModuleError(Exception):
    """A module does not build or is not there."""


# ---- our module

def mirror(target: pathlib.Path) -> None:
    """Links Kbuild and kmod/ into a build directory, file by file."""
    wanted = {"Kbuild": cache.TREE / "Kbuild"}
    for path in (cache.TREE / "kmod").rglob("*"):
        if path.is_file() and path.suffix in (".c", ".h", ".S", ".mk", "") and \
                not path.name.startswith("."):
            wanted[str(path.relative_to(cache.TREE))] = path
    for name, path in wanted.items():
        link = target / name
        if link.is_symlink() and os.readlink(link) == str(path):
            continue
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(path)
    for link in target.rglob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink()


def seed(target: pathlib.Path, variant: str) -> None:
    """Writes the rewritten sources of a variant into its build directory."""
    sys.path.append(str(cache.TREE / "tests/defects"))
    import mutating
    import seeding
    import table
    try:
        if variant == "defects":
            seeding.write_kernel(cache.TREE, target, table.DEFECTS)
        else:
            mutating.write_kernel(cache.TREE, target)
    except seeding.SeedError as error:
        raise ModuleError(str(error)) from error


def own_directory(target: pathlib.Path, kernel) -> None:
    """Makes a build directory, empty if what lies in it was built for another kernel: make would
    not see that."""
    stamp = target / ".kernel"
    if not stamp.exists() or stamp.read_text() != str(kernel.kdir):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        stamp.write_text(str(kernel.kdir))


def cordon_ko(kernel, variant: str = "release", extra=()) -> pathlib.Path | None:
    """Builds cordon.ko; None when the tree has no Kbuild yet."""
    if not (cache.TREE / "Kbuild").exists():
        return None
    name = f"kmod-{kernel.release}-{variant}"
    if kernel.vehicle != "stock":
        name = f"kmod-{kernel.vehicle}-{variant}"
    target = cache.BUILD / name
    with cache.lock(cache.key(str(target))):
        own_directory(target, kernel)
        if variant in SEEDED:
            seed(target, variant)
        else:
            mirror(target)
        _make(kernel, target, "" if variant in ("release", *SEEDED) else variant, extra)
    return target / "cordon.ko"


def _make(kernel, target: pathlib.Path, test: str, extra=()) -> None:
    command = ["make", "-s", f"-j{os.cpu_count()}", "-C", str(kernel.kdir), f"M={target}",
               f"ARCH={kernel.arch}", f"CORDON_TEST={test}", *extra, "modules"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, env=clean_environment())
    output = [line for line in done.stdout.splitlines() if not _noise(line)]
    if done.returncode or any("warning:" in line for line in output):
        raise ModuleError("\n".join(output[-60:]))
    if output:
        print("\n".join(output), file=sys.stderr)


def _noise(line: str) -> bool:
    """What kbuild says about every out-of-tree module."""
    return not line.strip() or re.search(
        r"Skipping BTF|the compiler differs|The kernel was built by|You are using:"
        r"|Symbol version dump|modules may not have dependencies|resulting kernel.*have"
        r"|Module.symvers.*is missing|You may get many unresolved", line) is not None


def clean_environment() -> dict:
    """The environment without what an outer make would hand down."""
    return {name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ARCH", "KBUILD_OUTPUT")}


def test_ko(kernel, name: str) -> pathlib.Path:
    """A module of the tests: plant or foil."""
    source = cache.TREE / "tests/qemu" / name
    target = cache.BUILD / f"{name}-{kernel.vehicle}"
    with cache.lock(cache.key(str(target))):
        own_directory(target, kernel)
        for path in source.iterdir():
            shutil.copy2(path, target / path.name)
        _make(kernel, target, "")
    return target / f"{name}.ko"


# ---- the kernel's modules

class Tree:
    """lib/modules/<release> of a kernel: names, dependencies, staging."""

    def __init__(self, root: pathlib.Path):
        self.root = root
        self.needs, self.paths = {}, {}
        dep = root / "modules.dep"
        for line in dep.read_text().splitlines() if dep.exists() else []:
            path, _, rest = line.partition(":")
            name = self.name_of(path)
            self.paths[name] = path
            self.needs[name] = [self.name_of(other) for other in rest.split()]

    @staticmethod
    def name_of(path: str) -> str:
        """The module's name as the kernel writes it."""
        return os.path.basename(path).split(".ko")[0].replace("-", "_")

    def closure(self, names) -> list[str]:
        """The modules with all they depend on, dependencies first."""
        ordered: list[str] = []

        def visit(name):
            if name in ordered or name not in self.paths:
                return
            for other in self.needs[name]:
                visit(other)
            ordered.append(name)

        for name in names:
            visit(name)
        return ordered

    def stage(self, target: pathlib.Path, names, extra=()) -> None:
        """Copies modules, plain, under target/lib/modules and runs depmod."""
        top = target / "lib/modules" / self.root.name
        shutil.rmtree(target, ignore_errors=True)
        (top / "updates").mkdir(parents=True)
        for name in names:
            write_plain(self.root / self.paths[name], top / "kernel" / f"{name}.ko")
        for path in extra:
            shutil.copy2(path, top / "updates" / path.name)
        for name in ("modules.builtin", "modules.order", "modules.builtin.modinfo"):
            if (self.root / name).exists():
                shutil.copy2(self.root / name, top / name)
        depmod = shutil.which("depmod", path="/usr/sbin:/sbin:/usr/bin:/bin")
        subprocess.run([depmod, "-b", str(target), self.root.name], check=True,
                       stderr=subprocess.DEVNULL)


def write_plain(source: pathlib.Path, target: pathlib.Path) -> None:
    """A module without its compression."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".xz":
        target.write_bytes(lzma.decompress(source.read_bytes()))
    elif source.suffix in (".zst", ".gz"):
        tool = {".zst": "zstd", ".gz": "gzip"}[source.suffix]
        with open(target, "wb") as out:
            subprocess.run([tool, "-dcq", str(source)], stdout=out, check=True)
    else:
        shutil.copy2(source, target)


def lint() -> int:
    """Builds with W=1 and sparse; every word they say goes to standard output."""
    target = cache.BUILD / "kmod-lint"
    target.mkdir(parents=True, exist_ok=True)
    mirror(target)
    kernel = kernels.build_only("stock")
    command = ["make", "-s", f"-j{os.cpu_count()}", "-C", str(kernel.kdir), f"M={target}",
               "W=1", "C=2", "CF=-D__CHECK_ENDIAN__", "CORDON_WERROR=", "modules"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, env=clean_environment())
    print("\n".join(line for line in done.stdout.splitlines() if not _noise(line)))
    return done.returncode


def main(words) -> int:
    """The command behind `make module`."""
    variant = words[1] if len(words) > 1 else "release"
    if words[:1] == ["lint"]:
        return lint()
    try:
        kernel = kernels.build_only(words[0] if words else "stock")
        built = cordon_ko(kernel, variant)
    except (ModuleError, kernels.KernelError) as error:
        print(error, file=sys.stderr)
        return 1
    if built is None:
        print("no Kbuild in the tree", file=sys.stderr)
        return 1
    shutil.copy2(built, cache.BUILD / "cordon.ko")
    print(f"built {os.path.relpath(built)} for {kernel.release}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
