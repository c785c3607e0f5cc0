"""Writes target/paquets/optopec.cdx.json: what is in the packages (CycloneDX 1.6), the crates of every function and the npm packages of the web client.

What must hold: it is valid by CycloneDX's own schema; nothing that `cargo tree` or web/package.json names is left out; the same tree gives the same
file, so no time and no chance are in it. The crates come from `cargo metadata`, where a feature that one crate of the tree asks for counts for all: a
function may have less in it than is said, never more. What only helps to compile (a procedural macro and what it alone needs) is there with the scope
`excluded`; build scripts are not.
Deliberately absent: `npm sbom`, whose `--omit dev` leaves out what a development package also asks for (React); the local runner and the tests.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import paquets

CIBLE = "x86_64-unknown-linux-gnu"
SORTIE = paquets.PAQUETS / "optopec.cdx.json"


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments, "--locked"], cwd=paquets.RACINE, check=True, capture_output=True, text=True).stdout


def composant(type_, ref, nom, version, purl=None, licence=None, hachage=None, scope=None):
    lu = {"type": type_, "bom-ref": ref, "name": nom, "version": version, "purl": purl, "scope": scope}
    lu["licenses"] = [{"expression": licence}] if licence else None
    lu["hashes"] = [{"alg": hachage[0], "content": hachage[1]}] if hachage else None
    return {k: v for k, v in lu.items() if v is not None}


def joindre(depart, aretes):
    """Everything that can be reached."""
    vus, pile = set(), list(depart)
    while pile:
        ref = pile.pop()
        if ref not in vus:
            vus.add(ref)
            pile.extend(aretes[ref])
    return vus


def caisses():
    """The functions' crates: components, and reference → references."""
    lu = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", CIBLE))
    paquet = {p["id"]: p for p in lu["packages"]}
    sommes = {}
    for nom, version, somme in re.findall(r'name = "([^"]+)"\nversion = "([^"]+)"\nsource = "registry[^"]+"\nchecksum = "([0-9a-f]{64})"', (paquets.RACINE / "Cargo.lock").read_text()):
        sommes[nom, version] = somme
    ref = lambda i: f"pkg:cargo/{paquet[i]['name']}@{paquet[i]['version']}"
    normales = {n["id"]: [d["pkg"] for d in n["deps"] if any(k["kind"] is None for k in d["dep_kinds"])] for n in lu["resolve"]["nodes"]}
    macro = lambda i: any("proc-macro" in c["kind"] for c in paquet[i]["targets"])
    fonctions = [i for i, p in paquet.items() if i in lu["workspace_members"] and p["name"].removeprefix("optopec-") in paquets.fonctions()]
    tous = joindre(fonctions, normales)
    livres = joindre(fonctions, {i: [d for d in ds if not macro(d)] for i, ds in normales.items()})
    composants = []
    for i in tous:
        p, ours = paquet[i], paquet[i]["source"] is None
        nom, hachage = p["name"], ("SHA-256", sommes[p["name"], p["version"]]) if not ours else None
        if i in fonctions:
            zip_ = paquets.PAQUETS / f"{nom.removeprefix('optopec-')}.zip"
            hachage = ("SHA-256", hashlib.sha256(zip_.read_bytes()).hexdigest()) if zip_.exists() else None
        licence = (p["license"] or "").replace("/", " OR ") or None
        purl = None if ours else ref(i)
        composants.append(composant("application" if i in fonctions else "library", ref(i), nom, p["version"], purl, licence, hachage, "required" if i in livres else "excluded"))
    return [ref(i) for i in fonctions], composants, {ref(i): [ref(d) for d in normales[i]] for i in tous}


def ecran():
    """The web client's packages, found as Node finds them: the nearest folder node_modules."""
    lu = json.loads((paquets.RACINE / "web/package-lock.json").read_text())["packages"]
    # The root, and what a build takes in of it.
    voulus = lambda lieu: [*lu[lieu].get("dependencies", {}), *(lu[lieu].get("peerDependencies", {}) if lieu else [])]

    def lieu_de(nom, depuis):
        while True:
            lieu = f"{depuis}/node_modules/{nom}".removeprefix("/")
            if lieu in lu:
                return lieu
            if not depuis:
                return None
            depuis = depuis.rpartition("/node_modules/")[0] if "/node_modules/" in depuis else ""

    # A peer that is optional may be nowhere.
    aretes = {lieu: [a for nom in voulus(lieu) if (a := lieu_de(nom, lieu)) and not lu[a].get("dev")] for lieu in lu}
    nom = lambda lieu: lieu.rpartition("node_modules/")[2]
    ref = lambda lieu: f"pkg:npm/{quote(nom(lieu), safe='/')}@{lu[lieu]['version']}" if lieu else "optopec-web"
    composants, tous = [composant("application", "optopec-web", "optopec-web", VERSION, scope="required")], joindre([""], aretes)
    for lieu in tous - {""}:
        algorithme, _, somme = lu[lieu]["integrity"].partition("-")
        hachage = (algorithme.upper().replace("SHA", "SHA-"), base64.b64decode(somme).hex())
        composants.append(composant("library", ref(lieu), nom(lieu), lu[lieu]["version"], ref(lieu), lu[lieu].get("license"), hachage, "required"))
    return composants, {ref(lieu): [ref(a) for a in aretes[lieu]] for lieu in tous}


def oublis(composants):
    """What others name and the list does not: cargo's own tree of each function, the dependencies of the web client."""
    noms = {(c.get("purl", c["bom-ref"])) for c in composants}
    attendus = set()
    for fonction in paquets.fonctions():
        arbre = cargo("tree", "-p", f"optopec-{fonction}", "-e", "normal", "--target", CIBLE, "--prefix", "none", "--format", "{p}")
        attendus |= {f"pkg:cargo/{nom}@{version}" for nom, version in re.findall(r"^(\S+) v(\S+)", arbre, re.M)}
    web = json.loads((paquets.RACINE / "web/package.json").read_text())["dependencies"]
    attendus |= {f"pkg:npm/{quote(nom, safe='/')}@{version}" for nom, version in web.items()}
    trop = [n for n in noms if re.match(r"pkg:cargo/(optopec-local|optopec-tests|dynoxide-rs|winterbaume-sqs|proptest)@", n)]
    return [f"{n} n'y est pas" for n in sorted(attendus - noms)] + [f"{n} n'est livré à personne" for n in trop] + ["rien n'y est"] * (len(attendus) < 100)


VERSION = re.search(r'^version = "([^"]+)"', (paquets.RACINE / "Cargo.toml").read_text(), re.M)[1]


def main():
    fonctions, crates, liens = caisses()
    npm, liens_npm = ecran()
    # Two folders may hold one package.
    composants = list({c["bom-ref"]: c for c in crates + npm}.values())
    liens |= liens_npm | {"optopec": [*fonctions, "optopec-web"]}
    texte = json.dumps(
        {
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {"component": {"type": "application", "bom-ref": "optopec", "name": "optopec", "version": VERSION}},
            "components": sorted(composants, key=lambda c: c["bom-ref"]),
            "dependencies": [{"ref": r, "dependsOn": sorted(set(liens[r]))} for r in sorted(liens)],
        },
        indent=1,
    )
    valideur = JsonStrictValidator(SchemaVersion.V1_6)
    if valideur.validate_str(texte.replace("CycloneDX", "CyclonDX", 1)) is None:
        raise AssertionError("la validation ne voit rien")
    faux = [f"CycloneDX : {e}" for e in [valideur.validate_str(texte)] if e] + oublis(composants)
    SORTIE.parent.mkdir(parents=True, exist_ok=True)
    SORTIE.write_text(texte + "\n")
    print(*faux, sep="\n", end="\n" if faux else "")
    dits = f"{sum(c['bom-ref'].startswith('pkg:cargo') for c in composants)} crates, {len(npm) - 1} paquets npm"
    print(f"sbom : {SORTIE.relative_to(paquets.RACINE)}, CycloneDX 1.6, {dits}, {len(faux)} défaut(s)")
    return 1 if faux else 0


if __name__ == "__main__":
    sys.exit(main())
