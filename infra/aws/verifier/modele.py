"""What the checks compare: the templates as they are written, the root as SAM expands it, and what the code says.

What must hold: the code is read from its sources, strictly: where a pattern finds nothing the reading fails, so that a file that moved does not turn a
check into one that always passes. Deliberately absent: any network, any AWS credential, any build of the product.
"""

import json
import logging
import os
import re
import subprocess
from pathlib import Path

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-3")
# It counts what it does and complains that nobody asks.
logging.getLogger("samtranslator").setLevel(logging.ERROR)

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform

RACINE = Path(__file__).resolve().parents[3]
# Nested by template.yaml, each under the name of its resource there.
NESTED = {"Donnees": "donnees", "Droits": "droits", "Identite": "identite", "Diffusion": "diffusion", "Surveillance": "surveillance"}


class Politiques:
    """The managed policies that SAM may ask for. Every role is ours, so it asks for none."""

    def load(self):
        return {}


def lire(chemin):
    return yaml_parse((RACINE / chemin).read_text())


def etendre(template):
    """The root as CloudFormation gets it. What is a file here becomes an object of S3, as `sam package` would make it."""
    template = json.loads(json.dumps(template))
    for ressource in template["Resources"].values():
        proprietes = ressource["Properties"]
        if ressource["Type"] == "AWS::Serverless::Function":
            proprietes["CodeUri"] = "s3://paquets/" + Path(proprietes["CodeUri"]).name
        if ressource["Type"] == "AWS::CloudFormation::Stack":
            proprietes["TemplateURL"] = "https://s3.eu-west-3.amazonaws.com/paquets/" + Path(proprietes["TemplateURL"]).name
    return transform(template, {}, Politiques())


def charger():
    """Everything that is checked, as plain data that a test may break."""
    racine = lire("template.yaml")
    return {
        "racine": racine,
        "etendu": etendre(racine),
        **{nom: lire(f"infra/aws/{fichier}.yaml") for nom, fichier in NESTED.items()},
        "Bordure": lire("infra/aws/bordure.yaml"),
    }


def trouver(motif, chemin, combien=1):
    texte = (RACINE / chemin).read_text()
    trouve = re.findall(motif, texte, re.S)
    if len(trouve) < combien:
        raise AssertionError(f"{chemin} ne dit plus {motif!r} : la vérification est à refaire")
    return trouve


def fonctions():
    """The crates that become packages."""
    return sorted(p.name for p in (RACINE / "functions").iterdir() if (p / "src" / "main.rs").is_file())


def tables():
    """name → (indexes, attribute of the end of life): what the program says, where OPTOPEC_BIN names one that is built, else shared/store/src/tables.rs."""
    programme = os.environ.get("OPTOPEC_BIN")
    if programme is None:
        return tables_ecrites()
    dites = json.loads(subprocess.run([programme, "tables"], check=True, capture_output=True, text=True).stdout)
    return {t["nom"]: ({i["nom"]: (i["pk"], i["sk"], i["sk_type"]) for i in t["index"]}, t["ttl"]) for t in dites}


def tables_ecrites():
    source, schema = "shared/store/src/tables.rs", "shared/store/src/schema.rs"
    noms = dict(trouver(r'pub\(crate\) const (ECHEANCE|TRAVAIL): &str = "([^"]+)"', schema, 2))
    cles = {c: (noms[n], pk, sk) for c, n, pk, sk in trouver(r'const (\w+): \(&str, &str, &str\) = \(schema::(\w+), "([^"]+)", "([^"]+)"\)', source, 2)}
    (ttl,) = trouver(r'const TTL: &str = "([^"]+)"', source)
    (bloc,) = trouver(r"const INDEX_DOSSIERS: &\[Index\] = &\[(.*?)\n\];", source)
    index = {cles[c][0]: (cles[c][1], cles[c][2], t) for c, t in re.findall(r"nom: (\w+)\.0.*?sk_type: Attribut::(\w)", bloc)}
    definitions = trouver(r"Definition \{ nom: tables\.(\w+)\.clone\(\), index: ([^,]+), ttl: ([^}]+?) \}", source, 3)
    if len(index) != 2:
        raise AssertionError(f"{source} : index illisibles")
    return {nom: (index if "INDEX_DOSSIERS" in i else {}, ttl if "Some" in t else None) for nom, i, t in definitions}


def variables():
    """What a deployed function reads from its environment, its TLS library included: what the local runner alone reads is left out."""
    locales = {"OPTOPEC_PORT", "OPTOPEC_DONNEES", "OPTOPEC_WEB"}
    texte = (RACINE / "shared/lambda/src/config.rs").read_text().split("#[cfg(test)]")[0]
    noms = set(re.findall(r'"((?:OPTOPEC|CONCENTRATEUR)_[A-Z_]+)"', texte))
    if not locales < noms:
        raise AssertionError("config.rs : les variables du lanceur local ont changé")
    return noms - locales | {"SSL_CERT_FILE"}


def routes():
    """path → crate, from the sources; every path of openapi.json has one."""
    api = json.loads((RACINE / "openapi.json").read_text())
    proprietaires = {}
    for fichier in (RACINE / "functions").glob("*/src/**/*.rs"):
        for chemin in re.findall(r'path\s*=\s*"(/v1/[^"]+)"', fichier.read_text()):
            proprietaires[chemin] = fichier.relative_to(RACINE / "functions").parts[0]
    if set(proprietaires) != set(api["paths"]):
        raise AssertionError(f"openapi.json et les sources diffèrent : {set(proprietaires) ^ set(api['paths'])}")
    return proprietaires


def ouvertes():
    """The paths that are called without a token."""
    return set(trouver(r'regle\("\w+", "([^"]+)", Droit::Ouvert\)', "shared/lambda/src/matrice.rs"))


def duree_s(motif, chemin):
    (valeur,) = trouver(motif, chemin)
    return int(valeur)


def delais():
    """Seconds that bound the functions from inside."""
    return {
        "appel": duree_s(r"DELAI_REPONSE: Duration = Duration::from_secs\((\d+)\)", "shared/lambda/src/config.rs"),
        "bail": duree_s(r"pub const BAIL: SignedDuration = SignedDuration::from_secs\((\d+)\)", "shared/domain/src/suivi.rs"),
        "balayage": duree_s(r"DUREE_MAX: SignedDuration = SignedDuration::from_secs\((\d+)\)", "functions/status-refresh/src/lib.rs"),
        "passerelle": duree_s(r"PASSERELLE: Duration = Duration::from_secs\((\d+)\)", "functions/concentrateur-demo/src/coupure.rs"),
    }


def files():
    """queue → receives before it is dead, from the local runner."""
    lues = trouver(r'\.create\("optopec-(\w+)", "optopec-(\w+)-mortes", (\d+), ', "infra/local/src/system.rs", 2)
    return {nom: int(recues) for nom, mortes, recues in lues if nom == mortes}


def envois():
    """crate → queues of Donnees that it sends to."""
    files, lus = {"transmission": "FileTransmission", "refresh": "FileActualisation"}, {}
    for fichier in (RACINE / "functions").glob("*/src/**/*.rs"):
        texte = re.split(r"#\[cfg\(test\)\]\s*mod \w+ \{", fichier.read_text())[0]
        for file in re.findall(r"\.queues\.send_(\w+)\(", texte):
            lus.setdefault(fichier.relative_to(RACINE / "functions").parts[0], set()).add(files[file])
    if {f for noms in lus.values() for f in noms} != set(files.values()):
        raise AssertionError(f"les envois sont illisibles : {lus}")
    return lus


def quota():
    """Functions that may run at once, as docs/deploiement.md asks AWS for."""
    return duree_s(r"« Concurrent executions » ≥ (\d+)", "docs/deploiement.md")


def politique_de_contenu():
    (texte,) = trouver(r'const POLICY: &str = "([^"]+)"', "infra/local/src/ecran.rs")
    return texte


def en_tetes():
    (bloc,) = trouver(r"HARDENING: \[\(HeaderName, &str\); \d+\] = \[(.*?)\n\];", "infra/local/src/page.rs")
    noms = {"X_CONTENT_TYPE_OPTIONS": "x-content-type-options", "REFERRER_POLICY": "referrer-policy"}
    lus = re.findall(r'\((?:header::(\w+)|HeaderName::from_static\("([^"]+)"\)), "([^"]+)"\)', bloc)
    return {noms[constante] if constante else nom: valeur for constante, nom, valeur in lus}


def adresses():
    """What the local runner takes for no page, a file, a screen: the cases of its own tests."""
    source = "infra/local/src/ecran.rs"
    (autres,) = trouver(r"is_never_a_page\(\) \{\s*for path in \[(.*?)\] \{", source)
    (fichiers, ecrans) = trouver(r"an_extension_is_a_file.*?for path in \[(.*?)\] \{.*?for path in \[(.*?)\] \{", source)[0]
    textes = lambda bloc: [t.replace("\\\\", "\\") for t in re.findall(r'"((?:[^"\\]|\\.)*)"', bloc)]
    return {"autre": textes(autres), "fichier": textes(fichiers), "ecran": textes(ecrans)}


def sources():
    """What the functions may log: the sources of everything that is deployed, without their tests."""
    fichiers = [f for d in ("functions", "shared") for f in (RACINE / d).glob("**/src/**/*.rs") if f.name not in ("tests.rs", "essais.rs")]
    return "\n".join(re.split(r"#\[cfg\(test\)\]\s*mod \w+ \{", f.read_text())[0] for f in fichiers)
