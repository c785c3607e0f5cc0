"""What checkov finds, against the list of what is not done and why (`checkov.txt`)."""

import fnmatch
import json
import sys
from pathlib import Path


def juger(trouve, lignes):
    """trouve: (check, name, resource); lignes: (check, resource, reason)."""
    faux = [f"checkov.txt : {check} {ressource} sans raison" for check, ressource, raison in lignes if not raison]
    couvre = lambda ligne, t: ligne[0] == t[0] and fnmatch.fnmatchcase(t[2], ligne[1])
    faux += [f"{check} {ressource} : {nom}" for check, nom, ressource in trouve if not any(couvre(ligne, (check, nom, ressource)) for ligne in lignes)]
    return faux + [f"checkov.txt : {ligne[0]} {ligne[1]} n'est plus demandé" for ligne in lignes if not any(couvre(ligne, t) for t in trouve)]


def eprouver():
    """The judgement itself sees what it is for."""
    trouve, ligne = [("A", "dit quoi", "Table")], ("A", "Table", "parce que")
    assert juger(trouve, [ligne]) == []
    assert juger(trouve, []) and juger(trouve, [("A", "Table", "")]) and juger([], [ligne]) and juger(trouve, [("A", "Autre*", "parce que")])


def main(rapport):
    lus = json.loads(Path(rapport).read_text())
    lus = lus if isinstance(lus, list) else [lus]
    trouve = [(c["check_id"], c["check_name"], c["resource"].rsplit(".", 1)[-1]) for r in lus for c in r["results"]["failed_checks"]]
    passes, illisibles = (sum(r["summary"][k] for r in lus) for k in ("passed", "parsing_errors"))
    texte = (Path(__file__).parent / "checkov.txt").read_text().splitlines()
    lignes = [tuple((ligne.split(None, 2) + [""])[:3]) for ligne in texte if ligne and not ligne.startswith("#")]
    eprouver()
    # Nothing read would be nothing found.
    faux = juger(trouve, lignes) + ["checkov n'a presque rien lu"] * (passes < 100 or illisibles > 0)
    for f in faux:
        print(f)
    print(f"checkov : {passes} vérifications passées, {len(trouve)} écartées avec leur raison, {len(faux)} écarts")
    return 1 if faux else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
