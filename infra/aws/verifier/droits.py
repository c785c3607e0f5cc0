"""Compares what functions were seen to ask of the tables with what their roles allow.

A role that lacks an action is found out in the cloud only, by the first shop: the local tables ask for no rights. Whoever runs the built functions
against tables that record their requests writes down, for each function, which operations it called on which table, and gives the file to this:

    {"pec-submission": {"dossiers": ["GetItem", "TransactWriteItems:Put", "Query:travail"], "credits": ["GetItem"]}}

`TransactWriteItems:Put|Update|Delete|ConditionCheck` is one part of a transaction; `Query:<index>` a query of an index. Without a file it prints the rights.
What was never seen is only told: a test need not take every way.
"""

import json
import sys

import modele
import regles

PARTIES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
TABLES = {"TableDossiersArn": "dossiers", "TableMutuellesArn": "mutuelles", "TableCreditsArn": "credits"}


def accordes(m):
    """function → table (or table/index) → actions."""
    noms = {k.removeprefix("Fonction"): f["FunctionName"]["Fn::Sub"].removeprefix("optopec-${Etape}-") for k, f in regles._fonctions(m).items()}
    lus = {nom: {} for nom in noms.values()}
    for ressource, s in regles._politiques(m):
        actions = {a.removeprefix("dynamodb:") for a in regles._liste(s["Action"]) if a.startswith("dynamodb:")}
        if actions:
            cible = s["Resource"].get("Ref") or s["Resource"]["Fn::Sub"].removeprefix("${").replace("}/index", "")
            arn, _, index = cible.partition("/")
            lieu = TABLES[arn] + ("/" + index if index else "")
            lus[noms[ressource.removeprefix("Droits")]].setdefault(lieu, set()).update(actions)
    return lus


def demandes(mesures):
    """The same form, of what was seen."""
    vus = {}
    for fonction, tables in mesures.items():
        for table, operations in tables.items():
            for operation in operations:
                nom, _, detail = operation.partition(":")
                lieu = f"{table}/{detail}" if nom == "Query" and detail else table
                action = PARTIES[detail] if nom == "TransactWriteItems" else nom
                vus.setdefault(fonction, {}).setdefault(lieu, set()).add(action)
    return vus


def ecarts(accordes_, vus):
    manque = [f"{f} : {a} sur {lieu} lui manque" for f, lieux in vus.items() for lieu, actions in lieux.items() for a in sorted(actions - accordes_.get(f, {}).get(lieu, set()))]
    trop = [f"{f} : {a} sur {lieu} jamais vu" for f, lieux in accordes_.items() for lieu, actions in lieux.items() for a in sorted(actions - vus.get(f, {}).get(lieu, set()))]
    return manque, trop


def main(arguments):
    lus = accordes(modele.charger())
    if not arguments:
        print(json.dumps({f: {lieu: sorted(a) for lieu, a in lieux.items()} for f, lieux in lus.items()}, indent=1))
        return 0
    with open(arguments[0]) as fichier:
        manque, trop = ecarts(lus, demandes(json.load(fichier)))
    print(*manque, *trop, f"droits : {len(manque)} manquent, {len(trop)} jamais vus", sep="\n")
    return 1 if manque else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
