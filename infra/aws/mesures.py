"""Measures what `make package` made, as a table: size, time from the start of the process to its first request for work, memory then; after that the main
job under AWS's emulator (`tests/it/deploye.rs`), with init, first and warm duration and the most memory held. Beyond a budget it fails.

What must hold: the programs come out of the zips; one core for the program and for whoever waits for it; the median of twenty starts.
Deliberately absent: the cold start of the cloud, which also loads the package, starts a sandbox, has a part of a core and speaks TLS.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import paquets

DEMARRAGES, DEMARRAGE_MAX_MS = 20, 10.0
# The same bound as that of the main job, in bytes.
MEMOIRE_MAX = 25e6
DEMANDE = b"GET /2018-06-01/runtime/invocation/next "
# Where template.yaml says that Amazon Linux keeps the authorities that it trusts, and where this machine may keep them.
AUTORITES = ("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt")
# What a function wants to be told before it starts; nobody is called before there is work.
REGLAGES = {
    "SSL_CERT_FILE": next(filter(os.path.exists, AUTORITES)),
    **{"AWS_REGION": "eu-west-3", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"},
    **{"AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_FUNCTION_VERSION": "1"},
    **{f"OPTOPEC_TABLE_{t}": t.lower() for t in ("MUTUELLES", "DOSSIERS", "CREDITS")},
    **{f"OPTOPEC_FILE_{f}": f"http://127.0.0.1:1/{f}" for f in ("TRANSMISSION", "ACTUALISATION")},
    **{"OPTOPEC_CLE_KMS": "alias/x", "OPTOPEC_CONCENTRATEUR_DEMO_URL": "http://127.0.0.1:1", "OPTOPEC_CONCENTRATEUR_DEMO_JETON": "x", "OPTOPEC_LIMITES": "1"},
}


def demarrer(programme, porte):
    """One start: milliseconds to the request for work, bytes held by then."""
    adresse = f"127.0.0.1:{porte.getsockname()[1]}"
    debut = time.perf_counter_ns()
    pid = os.posix_spawn(programme, [programme], REGLAGES | {"AWS_LAMBDA_RUNTIME_API": adresse})
    try:
        lien, _ = porte.accept()
        lue = lien.recv(65536)
        duree = time.perf_counter_ns() - debut
        if not lue.startswith(DEMANDE):
            raise SystemExit(f"{programme} demande {lue[:80]!r}")
        statut = Path(f"/proc/{pid}/status").read_text()
    finally:
        # Before its connection ends, of which it would complain.
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    lien.close()
    tenue = next(ligne for ligne in statut.splitlines() if ligne.startswith("VmHWM"))
    return duree / 1e6, int(tenue.split()[1]) * 1024


def mesurer(nom, programme, zippe):
    with socket.create_server(("127.0.0.1", 0)) as porte:
        porte.settimeout(30)
        # The first start reads the program from the disk.
        essais = [demarrer(programme, porte) for _ in range(DEMARRAGES + 1)][1:]
    durees, memoire = [d for d, _ in essais], max(m for _, m in essais)
    mediane, tailles = statistics.median(durees), (os.stat(programme).st_size / 1e6, zippe / 1e6)
    print(f"{nom:<20} {tailles[0]:6.2f} Mo  {tailles[1]:5.2f} Mo zip   départ {mediane:5.2f} ms ({min(durees):.2f} à {max(durees):.2f})   {memoire / 1e6:5.1f} Mo tenus", flush=True)
    if nom in paquets.SANS_BUDGET:
        return []
    bornes = [(tailles[0], paquets.DECOMPRESSE_MAX, "Mo"), (tailles[1], paquets.COMPRESSE_MAX, "Mo zip"), (mediane, DEMARRAGE_MAX_MS, "ms"), (memoire / 1e6, MEMOIRE_MAX / 1e6, "Mo tenus")]
    return [f"{nom} : {lu:.2f} {quoi}, {borne} au plus" for lu, borne, quoi in bornes if lu > borne]


def main():
    tous, faux = os.sched_getaffinity(0), []
    with tempfile.TemporaryDirectory() as dossier:
        os.sched_setaffinity(0, {max(tous)})
        for nom in paquets.fonctions():
            zip_ = paquets.PAQUETS / f"{nom}.zip"
            if not zip_.exists():
                raise SystemExit(f"{zip_} manque : `make package`")
            programme = Path(dossier, nom)
            programme.write_bytes(zipfile.ZipFile(zip_).read("bootstrap"))
            programme.chmod(0o755)
            faux += mesurer(nom, str(programme), zip_.stat().st_size)
        os.sched_setaffinity(0, tous)
        print("sous l'émulateur d'AWS :", flush=True)
        essai = ["cargo", "test", "--quiet", "--workspace", "--locked", "--test", "it", "--", "--nocapture", "deploye"]
        emule = subprocess.run(essai, cwd=paquets.RACINE, env=os.environ | {"OPTOPEC_BINAIRES": dossier}, stdout=subprocess.PIPE, text=True)
    print(*[ligne for ligne in emule.stdout.splitlines() if " init " in ligne or emule.returncode], sep="\n")
    faux += ["le travail principal a échoué, ou tient trop de mémoire"] * (emule.returncode != 0)
    print(*faux, f"mesures : {len(faux)} défaut(s)", sep="\n")
    return 1 if faux else 0


if __name__ == "__main__":
    sys.exit(main())
