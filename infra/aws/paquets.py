"""Makes the packages that template.yaml names: for each function target/paquets/<function>.zip with one executable, `bootstrap`.

What must hold: the same sources give the same program wherever they lie (no path is in it), the same program the same zip, byte for byte (no time, no
owner, one order); what is packed runs on provided.al2023 (its architecture, glibc 2.34); a package that outgrew its budget stops here and not at a
cold start. Beside cargo and Python it wants zig's compiler, which `make package` installs (OPTOPEC_ZIG, docs/adr/0013): it links everything, and compiles
the C of other architectures. The C of this machine's own is compiled by this machine's `cc`, against this machine's headers; that it asks for no newer
glibc than the cloud's is what `defauts` looks at in each program. Deliberately absent: a container.

OPTOPEC_BINAIRES names a folder of binaries that are built already: nothing is built then, and budgets are told, not enforced, because nobody deploys
a binary with its debug symbols.
"""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
PAQUETS = RACINE / "target/paquets"
CAISSES = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
# What is generated while building lies here, and may lie outside of the tree.
CONSTRUIT = RACINE / os.environ.get("CARGO_TARGET_DIR", "target")
# What no program may name: whose machine made it, and where.
LIEUX = [CAISSES, RACINE, CONSTRUIT, Path.home()]
# Unpacked and zipped, in millions of bytes. The typesetter and its fonts are what they are; printing is told and not stopped.
DECOMPRESSE_MAX, COMPRESSE_MAX = 10.0, 4.5
SANS_BUDGET = {"printing"}
# What a queue or the sweep calls serves no HTTP.
SANS_HTTP = {"pec-transmission", "status-refresh"}
# What Amazon Linux 2023 has.
GLIBC_MAX = 34
# ELF e_machine, and the target of Rust.
ARCHITECTURES = {"x86_64": (62, "x86_64-unknown-linux-gnu"), "arm64": (183, "aarch64-unknown-linux-gnu")}
# Links for the glibc of the cloud, whatever this machine has; compiles C for what this machine is not.
ZIG = str(RACINE / "infra/aws/zig-cc")


def fonctions():
    return sorted(p.name for p in (RACINE / "functions").iterdir() if (p / "src" / "main.rs").is_file())


def construire(cible, hote):
    """All functions in one go, and nothing that only one machine needs: it would be linked for minutes, and lend them its features."""
    environnement = os.environ | {
        f"CARGO_TARGET_{cible.upper().replace('-', '_')}_LINKER": ZIG,
        "OPTOPEC_CIBLE": f"{cible.split('-')[0]}-linux-gnu.2.{GLIBC_MAX}",
        **({} if cible == hote else {f"CC_{cible.replace('-', '_')}": ZIG}),
        # Where it was built is no part of what was built: a panic names its file. The last that fits counts: the target folder may lie in the tree.
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(f"--remap-path-prefix={d}={nom}" for d, nom in ((CAISSES, "/cargo"), (RACINE, "/optopec"), (CONSTRUIT, "/optopec/target"))),
    }
    choix = ["--workspace", "--exclude", "optopec-local", "--exclude", "optopec-tests"]
    subprocess.run(["cargo", "build", *choix, "--locked", "--release", "--bins", "--target", cible], cwd=RACINE, env=environnement, check=True)
    return CONSTRUIT / cible / "release"


def cibles():
    """The targets of Rust that are installed here, the machine's own first."""
    hote = re.search(r"^host: (.+)$", subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout, re.M)[1]
    installees = subprocess.run(["rustup", "target", "list", "--installed"], capture_output=True, text=True).stdout.split() if shutil.which("rustup") else []
    return [hote, *(cible for cible in installees if cible != hote)]


def defauts(contenu, machine):
    """Why a binary would not start in the cloud."""
    if contenu[:5] != b"\x7fELF\x02":
        return ["ce n'est pas un programme ELF de 64 bits"]
    faux = [f"machine {m}" for m in [int.from_bytes(contenu[18:20], "little")] if m != machine]
    glibc = max((int(n) for n in re.findall(rb"GLIBC_2\.(\d+)", contenu)), default=0)
    return faux + [f"demande glibc 2.{glibc}, provided.al2023 a 2.{GLIBC_MAX}"] * (glibc > GLIBC_MAX)


def serveurs(contenu):
    """Libraries that serve HTTP and are linked in: a panic names the file it comes from."""
    return sorted({n.decode() for n in re.findall(rb"/(axum|lambda_http|utoipa|matchit)-\d", contenu)})


def emballer(contenu):
    tampon = io.BytesIO()
    entree = zipfile.ZipInfo("bootstrap", (1980, 1, 1, 0, 0, 0))
    entree.create_system, entree.external_attr, entree.compress_type = 3, 0o100755 << 16, zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(tampon, "w") as paquet:
        paquet.writestr(entree, contenu, compresslevel=9)
    return tampon.getvalue()


def paqueter(dossier, sortie, machine, stricte):
    shutil.rmtree(sortie, ignore_errors=True)
    sortie.mkdir(parents=True)
    faux = []
    for nom in fonctions():
        contenu = (dossier / nom).read_bytes()
        zippe = emballer(contenu)
        (sortie / f"{nom}.zip").write_bytes(zippe)
        tailles = len(contenu) / 1e6, len(zippe) / 1e6
        print(f"{nom:<20} {tailles[0]:6.2f} Mo, compressé {tailles[1]:5.2f} Mo, SHA-256 {hashlib.sha256(contenu).hexdigest()[:16]}…")
        faux += [f"{nom} : {d}" for d in defauts(contenu, machine)]
        if stricte:
            faux += [f"{nom} : porte le chemin {c}" for c in sorted({f"{lieu}/" for lieu in LIEUX}) if c.encode() in contenu]
            faux += [f"{nom} : {s} y est" for s in serveurs(contenu) if nom in SANS_HTTP]
            faux += [f"{nom} : aucun serveur HTTP ; les chercher ne prouve plus rien"] * (nom not in SANS_HTTP and not serveurs(contenu))
        trop = [f"{nom} : {t:.2f} Mo {quoi}, {m} au plus" for t, m, quoi in zip(tailles, (DECOMPRESSE_MAX, COMPRESSE_MAX), ("décompressé", "compressé")) if t > m]
        if stricte and nom not in SANS_BUDGET:
            faux += trop
    return faux


def main():
    donnes, faux = os.environ.get("OPTOPEC_BINAIRES"), []
    if not donnes and not os.environ.get("OPTOPEC_ZIG"):
        print("paquets : OPTOPEC_ZIG ne nomme aucun Python qui ait ziglang ; « make package » l'installe et le nomme", file=sys.stderr)
        return 1
    installees = cibles()
    for architecture, (machine, cible) in ARCHITECTURES.items():
        # Where template.yaml looks; arm64 apart.
        sortie = PAQUETS if architecture == "x86_64" else RACINE / "target/paquets-arm64"
        if donnes and architecture != "x86_64":
            continue
        if architecture != "x86_64" and cible not in installees:
            shutil.rmtree(sortie, ignore_errors=True)
            print(f"{architecture} : pas construit ici ; il faut : rustup target add {cible}")
            continue
        dossier = Path(donnes) if donnes else construire(cible, installees[0])
        print(f"{architecture} : {sortie.relative_to(RACINE)}")
        faux += paqueter(dossier, sortie, machine, stricte=not donnes)
    print(*faux, f"paquets : {len(faux)} défaut(s)", sep="\n")
    return 1 if faux else 0


if __name__ == "__main__":
    sys.exit(main())
