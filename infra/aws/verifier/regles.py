"""What must hold of the templates and what no linter knows: each function is one rule, takes everything that `modele.charger` gives, and says in words
what is wrong. `epreuves.py` breaks the templates one by one and shows that each rule sees it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import modele

# Signals that templates listen to and that the code does not write yet: why, until when. A line that the code has come to write fails, so that it goes.
A_VENIR = {
}

API_S = 30


def _ressources(modele_, nom, type_):
    return {k: r["Properties"] for k, r in modele_[nom]["Resources"].items() if r["Type"] == type_}


def _fonctions(m):
    """logical id → properties, with what the globals give."""
    communs = m["racine"]["Globals"]["Function"]
    lues = {}
    for nom, proprietes in _ressources(m, "racine", "AWS::Serverless::Function").items():
        variables = {**communs["Environment"]["Variables"], **proprietes.get("Environment", {}).get("Variables", {})}
        lues[nom] = {**communs, **proprietes, "Variables": variables}
    return lues


def _paquet(proprietes):
    return Path(proprietes["CodeUri"]).stem


def _evenements(proprietes, type_):
    return {k: e["Properties"] for k, e in proprietes.get("Events", {}).items() if e["Type"] == type_}


def _chemins(m):
    """Every dictionary and list below a value."""
    pile = [m]
    while pile:
        valeur = pile.pop()
        yield valeur
        pile.extend(valeur.values() if isinstance(valeur, dict) else valeur if isinstance(valeur, list) else [])


def _liste(valeur):
    return valeur if isinstance(valeur, list) else [valeur]


def chaque_fonction_a_sa_ressource(m):
    paquets = {_paquet(f) for f in _fonctions(m).values()}
    crates = set(modele.fonctions())
    return [f"{x} n'a pas de ressource" for x in crates - paquets] + [f"{x} n'a pas de fonction" for x in paquets - crates]


def les_programmes_sont_des_bootstrap(m):
    return [f"{n} : {f['Runtime']}, {f['Handler']}" for n, f in _fonctions(m).items() if (f["Runtime"], f["Handler"]) != ("provided.al2023", "bootstrap")]


def chaque_variable_est_donnee(m):
    attendues, faux = modele.variables(), []
    for nom, f in _fonctions(m).items():
        faux += [f"{nom} : {v} manque" for v in attendues - set(f["Variables"])]
        faux += [f"{nom} : personne ne lit {v}" for v in set(f["Variables"]) - attendues]
        faux += [f"{nom} : les limites sont éteintes"] * (str(f["Variables"].get("OPTOPEC_LIMITES")) != "1")
    return faux


def un_secret_ne_va_qu_a_qui_appelle(m):
    appelants = {"mutuelles", "pec-transmission", "status-refresh"}
    faux = []
    for nom, f in _fonctions(m).items():
        texte = json.dumps(f["Variables"])
        permis = ({"SecretConcentrateur", "SecretDemonstration"} if _paquet(f) in appelants else set()) | ({"SecretDemonstration"} if _paquet(f) == "concentrateur-demo" else set())
        faux += [f"{nom} reçoit {s}" for s in ("SecretConcentrateur", "SecretDemonstration") if s in texte and s not in permis]
        faux += [f"{nom} ne reçoit pas {s}" for s in permis if s not in texte]
    return faux


def chaque_route_a_son_evenement(m):
    donnes = {}
    for f in _fonctions(m).values():
        for e in _evenements(f, "HttpApi").values():
            if e["ApiId"] == {"Ref": "Api"}:
                donnes[e["Path"]] = (_paquet(f), e["Method"], e.get("Auth", {}).get("Authorizer"))
    attendues, ouvertes, faux = modele.routes(), modele.ouvertes(), []
    faux += [f"{c} n'a pas d'événement" for c in set(attendues) - set(donnes)] + [f"{c} n'est pas dans openapi.json" for c in set(donnes) - set(attendues)]
    for chemin in set(attendues) & set(donnes):
        paquet, methode, porte = donnes[chemin]
        faux += [f"{chemin} va à {paquet} au lieu de {attendues[chemin]}"] * (paquet != attendues[chemin])
        # The function itself answers 405, in the contract's form.
        faux += [f"{chemin} : {methode} au lieu de ANY"] * (methode != "ANY")
        faux += [f"{chemin} : {'ouverte' if porte else 'fermée'} à tort"] * ((porte == "NONE") != (chemin in ouvertes))
    return faux


def nul_n_entre_sans_jeton(m):
    """Looks at what SAM made of it, not at what was asked."""
    chemins = m["etendu"]["Resources"]["Api"]["Properties"]["Body"]["paths"]
    faux = []
    for chemin, methodes in chemins.items():
        for methode, operation in methodes.items():
            portes = [nom for porte in operation.get("security", []) for nom in porte]
            attendu = ["NONE"] if chemin in modele.ouvertes() else ["Cognito"]
            faux += [f"{methode} {chemin} : {portes}"] * (portes != attendu)
    jwt = m["etendu"]["Resources"]["Api"]["Properties"]["Body"]["components"]["securitySchemes"]["Cognito"]["x-amazon-apigateway-authorizer"]
    faux += ["l'autorisation n'est pas un JWT"] * (jwt["type"] != "jwt")
    faux += ["l'émetteur n'est pas celui de la pile d'identité"] * (jwt["jwtConfiguration"]["issuer"] != {"Fn::GetAtt": ["Identite", "Outputs.Emetteur"]})
    clients = [{"Fn::GetAtt": ["Identite", f"Outputs.Client{c}Id"]} for c in ("Web", "Logiciel")]
    return faux + ["les publics ne sont pas nos deux clients"] * (jwt["jwtConfiguration"]["audience"] != clients)


def les_delais_tiennent_ensemble(m):
    d, faux = modele.delais(), []
    for nom, f in _fonctions(m).items():
        timeout = f["Timeout"]
        if _evenements(f, "HttpApi") and not timeout < API_S:
            faux.append(f"{nom} : {timeout} s, et l'API répond avant {API_S} s")
        if _evenements(f, "SQS") and not d["appel"] + 10 <= timeout < d["bail"]:
            faux.append(f"{nom} : {timeout} s ; un appel peut en prendre {d['appel']}, le bail en dure {d['bail']}")
        if _paquet(f) == "status-refresh" and not timeout > d["balayage"] + 10:
            faux.append(f"{nom} : {timeout} s, un balayage en prend {d['balayage']}")
        if _paquet(f) == "concentrateur-demo" and not timeout > d["passerelle"]:
            faux.append(f"{nom} : {timeout} s, il répond 500 après {d['passerelle']} s")
        if not 1 <= timeout <= 900:
            faux.append(f"{nom} : {timeout} s")
    return faux


def la_memoire_est_mesuree(m):
    return [f"{n} : {f['MemorySize']} Mo" for n, f in _fonctions(m).items() if not 128 <= f["MemorySize"] <= 1769]


def les_files_laissent_le_temps(m):
    faux, file_de = [], {"transmission": "FileTransmission", "actualisation": "FileActualisation"}
    files = _ressources(m, "Donnees", "AWS::SQS::Queue")
    lecteurs = {}
    for nom, f in _fonctions(m).items():
        for e in _evenements(f, "SQS").values():
            sortie = e["Queue"]["Fn::GetAtt"][1].removeprefix("Outputs.")
            lecteurs.setdefault(m["Donnees"]["Outputs"][sortie]["Value"]["Fn::GetAtt"][0], []).append((nom, f["Timeout"], e))
    for nom, recues in modele.files().items():
        logique = file_de[nom]
        file = files[logique]
        if len(lecteurs.get(logique, [])) != 1:
            faux.append(f"{nom} : {len(lecteurs.get(logique, []))} lecteurs")
            continue
        (lecteur, timeout, evenement) = lecteurs[logique][0]
        faux += [f"{nom} : visible après {file['VisibilityTimeout']} s, {lecteur} a {timeout} s"] * (file["VisibilityTimeout"] < 6 * timeout)
        faux += [f"{nom} : {file['RedrivePolicy']['maxReceiveCount']} réceptions, {recues} en local"] * (file["RedrivePolicy"]["maxReceiveCount"] != recues)
        faux += [f"{nom} : un message en échec passerait pour fait"] * ("ReportBatchItemFailures" not in evenement.get("FunctionResponseTypes", []))
        # A panic ends the process with every message that is in it.
        faux += [f"{nom} : {evenement.get('BatchSize', 10)} messages dans un appel"] * (evenement.get("BatchSize", 10) != 1)
        mortes = file["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        faux += [f"{nom} : ses messages morts ne durent pas 14 jours"] * (files[mortes]["MessageRetentionPeriod"] != 1209600)
    faux += [f"{n} n'est pas chiffrée" for n, f in files.items() if f.get("SqsManagedSseEnabled") is not True]
    return faux


def la_simultaneite_tient_dans_le_quota(m):
    faux, files = [], 0
    for nom, f in _fonctions(m).items():
        for e in _evenements(f, "SQS").values():
            au_plus = e.get("ScalingConfig", {}).get("MaximumConcurrency")
            faux += [f"{nom} : sa file prendrait tout le quota"] * (au_plus is None)
            files += au_plus or 0
    rafale = 0
    for nom, api in _ressources(m, "racine", "AWS::Serverless::HttpApi").items():
        reglages = api.get("DefaultRouteSettings", {})
        debit = [reglages.get(k, 0) for k in ("ThrottlingRateLimit", "ThrottlingBurstLimit")]
        faux += [f"{nom} : débit {debit}"] * (not 0 < debit[0] <= debit[1])
        rafale += debit[1]
    return faux + [f"les files en prennent {files} et les API {rafale}, le quota demandé est {modele.quota()}"] * (files + rafale > modele.quota())


def les_variables_disent_ou_sont_les_choses(m):
    sortie = lambda pile, nom: {"Fn::GetAtt": [pile, "Outputs." + nom]}
    attendues = {f"OPTOPEC_TABLE_{n.upper()}": sortie("Donnees", "Table" + n) for n in ("Mutuelles", "Dossiers", "Credits")}
    attendues |= {f"OPTOPEC_FILE_{n.upper()}": sortie("Donnees", "File" + n) for n in ("Transmission", "Actualisation")}
    attendues |= {"OPTOPEC_CLE_KMS": sortie("Droits", "CleDonneesArn"), "SSL_CERT_FILE": "/etc/pki/tls/certs/ca-bundle.crt"}
    faux = [f"{nom} : {v} = {f['Variables'].get(v)}" for nom, f in _fonctions(m).items() for v, bonne in attendues.items() if f["Variables"].get(v) != bonne]
    # What stands behind: the names in use, and rights to the same ones.
    arn = lambda nom: {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/" + nom}
    derriere = {}
    for n in ("Mutuelles", "Dossiers", "Credits"):
        nom = "optopec-${Etape}-" + n.lower() + "${SuffixeTables}"
        derriere |= {"Table" + n: {"Fn::Sub": nom}, f"Table{n}Arn": arn(nom)}
    for n in ("Transmission", "Actualisation"):
        derriere |= {"File" + n: {"Ref": "File" + n}, f"File{n}Arn": {"Fn::GetAtt": [f"File{n}", "Arn"]}}
    faux += [f"Donnees.{s} = {lue}" for s, v in derriere.items() for lue in [m["Donnees"]["Outputs"].get(s, {}).get("Value")] if lue != v]
    faux += ["un autre suffixe ne changerait que des sorties"] * ("${SuffixeTables}" not in json.dumps(m["Donnees"]["Resources"]))
    faux += [f"Droits.CleDonneesArn = {v}" for v in [m["Droits"]["Outputs"]["CleDonneesArn"]["Value"]] if v != {"Fn::GetAtt": ["CleDonnees", "Arn"]}]
    donnes = m["racine"]["Resources"]["Droits"]["Properties"]["Parameters"]
    return faux + [f"Droits reçoit {v} pour {p}" for p, v in donnes.items() if p.endswith("Arn") and v != sortie("Donnees", p)]


def les_tables_sont_celles_du_code(m):
    faux, attendues = [], modele.tables()
    tables = {t["TableName"]["Fn::Sub"].removeprefix("optopec-${Etape}-"): t for t in _ressources(m, "Donnees", "AWS::DynamoDB::Table").values()}
    faux += [f"table {n} : dans l'un seulement" for n in set(tables) ^ set(attendues)]
    for nom in set(tables) & set(attendues):
        index, ttl = attendues[nom]
        t = tables[nom]
        types = {a["AttributeName"]: a["AttributeType"] for a in t["AttributeDefinitions"]}
        cles = lambda s: {k["KeyType"]: k["AttributeName"] for k in s}
        lu = {
            i["IndexName"]: (cles(i["KeySchema"])["HASH"], cles(i["KeySchema"])["RANGE"], types[cles(i["KeySchema"])["RANGE"]])
            for i in t.get("GlobalSecondaryIndexes", [])
        }
        faux += [f"{nom} : clés {cles(t['KeySchema'])}"] * (cles(t["KeySchema"]) != {"HASH": "pk", "RANGE": "sk"})
        faux += [f"{nom} : types {types}"] * any(types[c] != "S" for c in ["pk", "sk", *(v[0] for v in index.values())] if c in types)
        faux += [f"{nom} : index {lu}, le code dit {index}"] * (lu != index)
        faux += [f"{nom} : index qui gardent plus que leurs clés"] * any(i["Projection"]["ProjectionType"] != "KEYS_ONLY" for i in t.get("GlobalSecondaryIndexes", []))
        fin = t.get("TimeToLiveSpecification", {})
        faux += [f"{nom} : fin de vie {fin}, le code dit {ttl}"] * ((fin.get("AttributeName") if fin.get("Enabled") else None) != ttl)
        faux += [f"{nom} : pas payée à la requête"] * (t["BillingMode"] != "PAY_PER_REQUEST")
        faux += [f"{nom} : pas protégée"] * (t.get("DeletionProtectionEnabled") is not True)
        faux += [f"{nom} : pas de retour en arrière"] * (t.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled") is not True)
        faux += [f"{nom} : pas sa propre clé"] * (t.get("SSESpecification", {}).get("KMSMasterKeyId") != {"Fn::GetAtt": ["CleTables", "Arn"]})
    for pile, ressource in [(p, n) for p in ("Donnees", "Droits") for n, r in m[p]["Resources"].items() if r["Type"] in ("AWS::DynamoDB::Table", "AWS::KMS::Key") and n != "CleExploitation"]:
        faux += [f"{ressource} s'en irait avec sa pile"] * (m[pile]["Resources"][ressource].get("DeletionPolicy") != "Retain")
    return faux


def _politiques(m):
    """(template, resource, statement) of whatever gives a right to a role."""
    for pile in ("racine", *modele.NESTED):
        for nom, r in m[pile]["Resources"].items():
            if r["Type"] in ("AWS::IAM::RolePolicy", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
                for s in r["Properties"]["PolicyDocument"]["Statement"]:
                    yield nom, s
            if r["Type"] == "AWS::IAM::Role":
                for p in r["Properties"].get("Policies", []):
                    for s in p["PolicyDocument"]["Statement"]:
                        yield nom, s
                if r["Properties"].get("ManagedPolicyArns"):
                    yield nom, {"Effect": "Allow", "Action": "*", "Resource": "*"}


def aucun_droit_en_blanc(m):
    faux = []
    for nom, s in _politiques(m):
        if s["Effect"] != "Allow":
            continue
        faux += [f"{nom} : {a}" for a in _liste(s["Action"]) if "*" in a]
        # X-Ray has no resources to name, a log group's streams have no names yet.
        sans_ressource = set(_liste(s["Action"])) <= {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
        for r in _liste(s["Resource"]):
            texte = json.dumps(r)
            if "*" in texte and not sans_ressource and not re.fullmatch(r'\{"Fn::Sub": "arn:[^*]*:log-group:/aws/lambda/optopec-[^*]*:\*"\}', texte):
                faux.append(f"{nom} : {texte}")
    roles = {n for n, r in m["Droits"]["Resources"].items() if r["Type"] == "AWS::IAM::Role"}
    for nom, f in _fonctions(m).items():
        role = f["Role"]["Fn::GetAtt"][1]
        attendu = "Outputs.Role" + nom.removeprefix("Fonction") + "Arn"
        faux += [f"{nom} prend {role}"] * (role != attendu or attendu.removeprefix("Outputs.").removesuffix("Arn") not in roles)
    return faux


# What the code calls, by the store's verbs. A get is GetItem; `get_all` BatchGetItem; `some`, `first`, `everything` Query; the parts of a transaction
# are PutItem, UpdateItem, DeleteItem, ConditionCheckItem. Nothing else is ever asked of a table.
VERBES = {"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"}


def les_droits_sur_les_tables_sont_ceux_du_code(m):
    faux, lus = [], {}
    for nom, s in _politiques(m):
        actions = {a.removeprefix("dynamodb:") for a in _liste(s["Action"]) if a.startswith("dynamodb:")}
        if actions:
            faux += [f"{nom} : {a}" for a in actions - VERBES]
            lus.setdefault(nom.removeprefix("Droits"), {})[json.dumps(s["Resource"])] = (actions, s.get("Condition"))
    for nom, droits in lus.items():
        for ressource, (actions, _) in droits.items():
            faux += [f"{nom} change le grand livre : {actions}"] * ("TableCredits" in ressource and bool(actions & {"UpdateItem", "DeleteItem"}))
            faux += [f"{nom} écrit par un index"] * ("/index/" in ressource and actions != {"Query"})
    demo = lus["ConcentrateurDemo"]
    borne = [c for _, c in demo.values()]
    attendu = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["DEMO#*"]}, "Null": {"dynamodb:LeadingKeys": "false"}}
    faux += ["le concentrateur de démonstration atteint plus que sa mémoire"] * (len(demo) != 1 or borne != [attendu])
    return faux


def les_droits_sur_les_files_sont_ceux_du_code(m):
    recevoir, attendus, lus = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}, {"Horaires": {("sqs:SendMessage", "FileHorairesMortes")}}, {}
    envois = modele.envois()
    for nom, f in _fonctions(m).items():
        droits = {("sqs:SendMessage", file) for file in envois.get(_paquet(f), ())}
        for e in _evenements(f, "SQS").values():
            droits |= {(a, e["Queue"]["Fn::GetAtt"][1].removeprefix("Outputs.").removesuffix("Arn")) for a in recevoir}
        # Lambda writes there what a schedule asked for in vain, with the function's own rights.
        droits |= {("sqs:SendMessage", "FileHorairesMortes")} if "EventInvokeConfig" in f else set()
        attendus[nom.removeprefix("Fonction")] = droits
    for nom, s in _politiques(m):
        for action in _liste(s["Action"]):
            if action.startswith("sqs:"):
                lus.setdefault(nom.removeprefix("Droits"), set()).update((action, r.get("Ref", str(r)).removesuffix("Arn")) for r in _liste(s["Resource"]))
    faux = [f"{nom} : {a} sur {file} lui manque" for nom, droits in attendus.items() for a, file in sorted(droits - lus.get(nom, set()))]
    return faux + [f"{nom} : {a} sur {file} ne lui sert pas" for nom, droits in lus.items() for a, file in sorted(droits - attendus.get(nom, set()))]


def le_grand_livre_ne_change_pas(m):
    table = m["Donnees"]["Resources"]["TableCredits"]["Properties"]
    refus = [s for s in table.get("ResourcePolicy", {}).get("PolicyDocument", {}).get("Statement", []) if s["Effect"] == "Deny" and s["Principal"] == "*"]
    sans_condition = {a for s in refus if "Condition" not in s for a in _liste(s["Action"])}
    attendues = {"UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"}
    faux = [f"la table des crédits permet {a}" for a in attendues if f"dynamodb:{a}" not in sans_condition]
    seul = [s for s in refus if s.get("Condition") == {"Null": {"dynamodb:EnclosingOperation": "true"}} and "dynamodb:PutItem" in _liste(s["Action"])]
    return faux + ["la table des crédits permet une écriture hors d'une transaction"] * (len(seul) != 1)


def la_cle_des_donnees_sert_aux_fonctions_seules(m):
    cle = m["Droits"]["Resources"]["CleDonnees"]["Properties"]
    usages = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:CreateGrant", "kms:ScheduleKeyDeletion"}
    faux = []
    for s in cle["KeyPolicy"]["Statement"]:
        roles = _liste(s["Principal"]["AWS"])
        fonctions = all(isinstance(r, dict) and list(r) == ["Fn::GetAtt"] and r["Fn::GetAtt"][0].startswith("Role") for r in roles)
        actions = set(_liste(s["Action"]))
        faux += [f"{s['Sid']} : {a}" for a in actions if "*" in a]
        if actions & usages:
            faux += [f"{s['Sid']} : {actions & usages} à d'autres que les fonctions"] * (not fonctions)
            faux += [f"{s['Sid']} : sans contexte de chiffrement"] * ("kms:EncryptionContext:magasin" not in json.dumps(s.get("Condition", {})))
        faux += [f"{s['Sid']} : le concentrateur de démonstration ouvre des données"] * ("ConcentrateurDemo" in json.dumps(roles))
        faux += [f"{s['Sid']} : seul dossiers rechiffre"] * ("kms:ReEncryptFrom" in actions and roles != [{"Fn::GetAtt": ["RoleDossiers", "Arn"]}])
    faux += ["elle ne tourne pas, ou s'en va en moins de 30 jours"] * (cle.get("EnableKeyRotation") is not True or cle.get("PendingWindowInDays") != 30)
    return faux


def nul_n_ecrit_son_role(m):
    faux = []
    bassin = m["Identite"]["Resources"]["Utilisateurs"]["Properties"]
    clients = _ressources(m, "Identite", "AWS::Cognito::UserPoolClient")
    for nom, c in clients.items():
        ecrit = c.get("WriteAttributes")
        # None at all means every standard attribute, and a console's next version may mean more.
        faux += [f"{nom} : WriteAttributes n'est pas dit"] * (not ecrit)
        faux += [f"{nom} écrit {a}" for a in ecrit or [] if a.startswith("custom:")]
        faux += [f"{nom} ne lit pas {a}" for a in ("custom:magasin", "custom:role") if a not in c.get("ReadAttributes", [])]
        faux += [f"{nom} dit qui a un compte"] * (c.get("PreventUserExistenceErrors") != "ENABLED")
        faux += [f"{nom} : ses jetons ne se révoquent pas"] * (c.get("EnableTokenRevocation") is not True)
    faux += ["le second facteur n'est pas demandé à tous"] * (bassin["MfaConfiguration"] != "ON" or bassin["EnabledMfas"] != ["SOFTWARE_TOKEN_MFA"])
    faux += ["chacun peut s'inscrire"] * (bassin["AdminCreateUserConfig"].get("AllowAdminCreateUserOnly") is not True)
    web = clients["ClientWeb"]
    faux += ["le client web n'est pas au flux par code seul"] * (web["AllowedOAuthFlows"] != ["code"] or web.get("GenerateSecret") is not False)
    faux += ["retour de connexion"] * (web["CallbackURLs"] != [{"Fn::Sub": "https://${Domaine}/connexion/retour"}])
    faux += ["le logiciel a d'autres flux"] * (clients["ClientLogiciel"]["ExplicitAuthFlows"] != ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    attendues = {"ClientWeb": (3600, 3600, 43200), "ClientLogiciel": (900, 900, 43200)}
    for nom, client in clients.items():
        # What is not said is AWS's: an hour, and thirty days to renew it.
        unite = lambda jeton: {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}[client.get("TokenValidityUnits", {}).get(jeton, "days" if jeton == "RefreshToken" else "hours")]
        vies = tuple(client.get(jeton + "Validity", 30 if jeton == "RefreshToken" else 1) * unite(jeton) for jeton in ("IdToken", "AccessToken", "RefreshToken"))
        faux += [f"{nom} : vies des jetons {vies}"] * (vies != attendues.get(nom))
    return faux


def les_horaires_sont_ceux_du_local(m):
    horaires = _ressources(m, "racine", "AWS::Scheduler::Schedule")
    cible = lambda h: h["Target"]["Arn"]["Fn::GetAtt"][0]
    lus = {cible(h): (h["ScheduleExpression"], h.get("ScheduleExpressionTimezone")) for h in horaires.values()}
    attendus = {"FonctionStatusRefresh": ("rate(1 minute)", None), "FonctionMutuellesNuit": ("cron(0 3 * * ? *)", "Europe/Paris"), "FonctionCreditsNuit": ("cron(0 3 * * ? *)", "Europe/Paris")}
    faux = [f"horaires : {lus}"] * (lus != attendus)
    for nom, h in horaires.items():
        evenement = json.loads(h["Target"]["Input"])
        # The functions tell a schedule's event by what it lacks.
        faux += [f"{nom} : son événement passe pour un autre"] * bool({"Records", "requestContext"} & set(evenement))
        faux += [f"{nom} : éteint"] * (h.get("State", "ENABLED") != "ENABLED")
        faux += [f"{nom} : ses échecs se perdent"] * ("DeadLetterConfig" not in h["Target"])
        # The schedule only hands over; what the function itself fails at is Lambda's to try again and to keep.
        suite = m["racine"]["Resources"].get(cible(h), {}).get("Properties", {}).get("EventInvokeConfig", {})
        echec = suite.get("DestinationConfig", {}).get("OnFailure", {})
        faux += [f"{nom} : ce que {cible(h)} manque se perd"] * (echec.get("Destination") != {"Fn::GetAtt": ["Donnees", "Outputs.FileHorairesMortesArn"]})
        # A sweep that failed is the next minute's; a night has no next one before tomorrow.
        essais = 0 if cible(h) == "FonctionStatusRefresh" else 2
        faux += [f"{nom} : {suite.get('MaximumRetryAttempts')} nouveaux essais"] * (suite.get("MaximumRetryAttempts") != essais)
    return faux


def chaque_journal_est_garde_et_chiffre(m):
    faux = []
    groupes = _ressources(m, "racine", "AWS::Logs::LogGroup")
    for nom, g in groupes.items():
        faux += [f"{nom} : {c} manque" for c in ("RetentionInDays", "KmsKeyId") if c not in g]
    noms = {g["LogGroupName"]["Fn::Sub"] for g in groupes.values()}
    for nom, f in _fonctions(m).items():
        attendu = "/aws/lambda/" + f["FunctionName"]["Fn::Sub"]
        groupe = groupes.get(f.get("LoggingConfig", {}).get("LogGroup", {}).get("Ref"), {})
        faux += [f"{nom} n'écrit pas dans {attendu}"] * (groupe.get("LogGroupName", {}).get("Fn::Sub") != attendu)
        faux += [f"{nom} n'est pas tracée"] * (f.get("Tracing") != "Active")
    filtres = _ressources(m, "Surveillance", "AWS::Logs::MetricFilter")
    return faux + [f"{n} : journal {f['LogGroupName']} inconnu" for n, f in filtres.items() if f["LogGroupName"]["Fn::Sub"] not in noms]


def chaque_fonction_est_surveillee(m):
    faux, filtres = [], {}
    for f in _ressources(m, "Surveillance", "AWS::Logs::MetricFilter").values():
        filtres.setdefault(f["LogGroupName"]["Fn::Sub"], set()).update(t["MetricName"] for t in f["MetricTransformations"])
    comptees = {}
    for nom, mesure, dimensions in _mesures_des_alarmes(m):
        comptees.setdefault(mesure, set()).add(dimensions.get("FunctionName"))
    for nom, f in _fonctions(m).items():
        fonction = f["FunctionName"]["Fn::Sub"]
        faux += [f"{nom} : personne ne compte ses {x}" for x in {"Erreurs", "Alarmes"} - filtres.get("/aws/lambda/" + fonction, set())]
        faux += [f"{nom} n'est dans aucune alarme sur {x}" for x in ("Errors", "Throttles") if fonction not in comptees.get(x, set())]
    return faux


def _mesures_des_alarmes(m):
    """(alarm, metric, dimensions) of every number that an alarm looks at."""
    for nom, a in _ressources(m, "Surveillance", "AWS::CloudWatch::Alarm").items():
        for mesure in [a, *(x["MetricStat"]["Metric"] for x in a.get("Metrics", []) if "MetricStat" in x)]:
            if "MetricName" in mesure:
                yield nom, mesure["MetricName"], {d["Name"]: d["Value"]["Fn::Sub"] if "Fn::Sub" in d["Value"] else d["Value"] for d in mesure.get("Dimensions", [])}


def chaque_alarme_regarde_ce_qui_existe(m):
    """A dimension that names nothing is a number that never comes, and most alarms take that for good news."""
    tables = {o["Value"]["Fn::Sub"]: m["Donnees"]["Resources"][n] for n, o in m["Donnees"]["Outputs"].items() if n in m["Donnees"]["Resources"] and n.startswith("Table")}
    noms = {
        "QueueName": {f["QueueName"]["Fn::Sub"] for f in _ressources(m, "Donnees", "AWS::SQS::Queue").values()},
        "TableName": set(tables),
        "FunctionName": {f["FunctionName"]["Fn::Sub"] for f in _fonctions(m).values()},
        "ApiId": [{"Ref": "ApiId"}],
    }
    faux, regardes = [], set()
    for alarme, mesure, dimensions in _mesures_des_alarmes(m):
        for d, valeur in dimensions.items():
            faux += [f"{alarme} : {d} {valeur}"] * (d in noms and valeur not in noms[d])
            faux += [f"{alarme} : dimension {d}"] * (d not in noms and d not in ("GlobalSecondaryIndexName", "alarme"))
        if "TableName" in dimensions and dimensions["TableName"] in tables:
            index = dimensions.get("GlobalSecondaryIndexName")
            existants = {i["IndexName"] for i in tables[dimensions["TableName"]]["Properties"].get("GlobalSecondaryIndexes", [])}
            faux += [f"{alarme} : index {index}"] * (index is not None and index not in existants)
            regardes.add((mesure, dimensions["TableName"], index))
    for mesure in ("ReadThrottleEvents", "WriteThrottleEvents"):
        for nom, table in tables.items():
            index = [None, *(i["IndexName"] for i in table["Properties"].get("GlobalSecondaryIndexes", []))]
            faux += [f"aucune alarme sur {mesure} de {nom}, index {i}" for i in index if (mesure, nom, i) not in regardes]
    for tableau in _ressources(m, "Surveillance", "AWS::CloudWatch::Dashboard").values():
        for d, valeur in re.findall(r'"(QueueName|TableName|FunctionName)",\s*"([^".]+)"', tableau["DashboardBody"]["Fn::Sub"]):
            faux += [f"le tableau : {d} {valeur}"] * (valeur not in noms[d])
    for nom, a in _ressources(m, "Surveillance", "AWS::CloudWatch::Alarm").items():
        mesures = [x for x in a.get("Metrics", []) if "MetricStat" in x]
        faux += [f"{nom} : {len(mesures)} mesures, CloudWatch en prend dix"] * (len(mesures) > 10)
        # CloudWatch's own bounds: a day, or a week for periods of an hour and more.
        periode = max([a.get("Period", 0), *(x["MetricStat"]["Period"] for x in mesures)])
        duree = periode * a["EvaluationPeriods"]
        faux += [f"{nom} : regarde {duree} s"] * (duree > (604800 if periode >= 3600 else 86400))
        # A period as long as what it waits for slides past it.
        faux += [f"{nom} : une seule période d'un jour"] * (a["TreatMissingData"] == "breaching" and periode >= 86400)
        faux += [f"{nom} : {duree} s pour une nuit par jour"] * (a.get("MetricName") in ("Nuits", "ComptesVerifies") and duree < 97200)
        faux += [f"{nom} : sonne pour une partie de ce qu'elle attend"] * (a["TreatMissingData"] == "breaching" and a.get("DatapointsToAlarm", a["EvaluationPeriods"]) != a["EvaluationPeriods"])
    return faux


def une_nuit_manquee_ne_compte_pas(m):
    """Both nights write their line whatever they failed at."""
    faux = []
    for nom, f in _ressources(m, "Surveillance", "AWS::Logs::MetricFilter").items():
        mesures = {t["MetricName"] for t in f["MetricTransformations"]}
        if mesures & {"Nuits", "ComptesVerifies"}:
            faux += [f"{nom} compte une nuit qui a échoué"] * ("$.echecs = 0" not in f["FilterPattern"])
            faux += [f"{nom} compte une nuit qui n'a pas fini"] * (mesures == {"ComptesVerifies"} and "$.reste NOT EXISTS" not in f["FilterPattern"])
    return faux


def _jusqu_a_la_parenthese(code, debut):
    profondeur, fin = 1, debut
    while profondeur:
        profondeur += {"(": 1, ")": -1}.get(code[fin], 0)
        fin += 1
    return code[debut:fin]


def _manque(motif, code):
    """What of a pattern the code does not write: a line that begins a macro of the log with all its fields."""
    champs = re.findall(r'\$\.(\w+)\s*(?:=|>=|NOT EXISTS)\s*(?:"([^"]*)"|\d+)?', motif)
    lignes = [_jusqu_a_la_parenthese(code, debut.end()) for debut in re.finditer(r"tracing::(?:error|warn|info)!\(", code)]
    message = dict(champs).get("message")
    if message is not None:
        lignes = [ligne for ligne in lignes if f'"{message}"' in ligne]
        if not lignes:
            return [f'message = "{message}"']
    manque = []
    for nom, valeur in champs:
        # The library of the log writes the level, the gateway the status.
        if nom in ("message", "level", "statut"):
            continue
        if not any(re.search(rf"\b{nom}\b", ligne) for ligne in lignes):
            manque.append(nom)
        elif valeur not in ("", "*") and f'"{valeur}"' not in code:
            manque.append(f'{nom} = "{valeur}"')
    return manque


def chaque_mesure_a_sa_source(m):
    code, motifs = modele.sources(), set()
    for f in _ressources(m, "Surveillance", "AWS::Logs::MetricFilter").values():
        motifs.add(f["FilterPattern"])
        for t in f["MetricTransformations"]:
            valeur = t["MetricValue"]
            motifs |= {f["FilterPattern"] + f" {valeur} >= 0"} if valeur.startswith("$.") else set()
    for a in _ressources(m, "Surveillance", "AWS::CloudWatch::Alarm").values():
        motifs |= {f'$.alarme = "{d["Value"]}"' for d in a.get("Dimensions", []) if d["Name"] == "alarme"}
    manque = {s for motif in motifs for s in _manque(motif, code)}
    return [f"le code n'écrit pas {s}" for s in sorted(manque - set(A_VENIR))] + [f"{s} n'est plus à venir : l'ôter de A_VENIR" for s in set(A_VENIR) - manque]


def chaque_alarme_a_ses_mots(m):
    runbook = (modele.RACINE / "docs/runbook.md").read_text()
    titres = set(re.findall(r"^### `([a-z0-9-]+)`", runbook, re.M))
    alarmes = _ressources(m, "Surveillance", "AWS::CloudWatch::Alarm")
    noms = {a["AlarmName"]["Fn::Sub"].removeprefix("optopec-${Etape}-") for a in alarmes.values()}
    faux = [f"{n} n'est pas dans docs/runbook.md" for n in noms - titres] + [f"docs/runbook.md parle de {n}, qui n'existe pas" for n in titres - noms]
    faux += [f"{n} ne prévient personne" for n, a in alarmes.items() if a.get("AlarmActions") != [{"Ref": "Sujet"}]]
    mesures = {t["MetricName"] for f in _ressources(m, "Surveillance", "AWS::Logs::MetricFilter").values() for t in f["MetricTransformations"]}
    propres = {n: a["MetricName"] for n, a in alarmes.items() if a.get("Namespace") == {"Fn::Sub": "optopec/${Etape}"}}
    return faux + [f"{n} : personne ne mesure {x}" for n, x in propres.items() if x not in mesures]


# What is promised whatever else changes: an alarm and its words could go together, and nothing would say so.
ALARMES = {
    *("mortes-transmission", "mortes-actualisation", "mortes-horaires", "reserve-ancienne", "resultats-inconnus", "concentrateur-muet", "credits-inexacts"),
    *("fonctions-en-erreur", "fonctions-bridees", "tables-bridees", "api-en-erreur", "a-verifier", "comptes-non-verifies", "balayage-absent"),
}


def ce_qui_est_promis_est_la(m):
    noms = {a["AlarmName"]["Fn::Sub"].removeprefix("optopec-${Etape}-") for a in _ressources(m, "Surveillance", "AWS::CloudWatch::Alarm").values()}
    faux = [f"pas d'alarme {n}" for n in ALARMES - noms]
    for pile in ("racine", *modele.NESTED, "Bordure"):
        faux += [f"{pile} : étapes {e}" for e in [m[pile]["Parameters"]["Etape"].get("AllowedValues")] if e != ["essai", "production"]]
        # The demonstration concentrator as well is in both stages: shops in demonstration mode use it.
        faux += [f"{nom} n'est pas à chaque étape" for nom, r in m[pile]["Resources"].items() if "Condition" in r]
    return faux


def _mesures(tableau):
    """(namespace, name) of every number of a dashboard; a point stands for what the line before says there, three for all of it."""
    for widget in tableau["widgets"]:
        avant = []
        for ligne in widget["properties"].get("metrics", []):
            textes = [x for x in ligne if isinstance(x, str)]
            textes = avant if textes[:1] == ["..."] else [a if x == "." else x for x, a in zip(textes, avant + textes[len(avant) :])]
            avant = textes
            yield tuple(textes[:2])


def le_tableau_montre_ce_qui_est_mesure(m):
    tableaux = list(_ressources(m, "Surveillance", "AWS::CloudWatch::Dashboard").values())
    if len(tableaux) != 1:
        return [f"{len(tableaux)} tableaux de bord"]
    mesures = {t["MetricName"] for f in _ressources(m, "Surveillance", "AWS::Logs::MetricFilter").values() for t in f["MetricTransformations"]}
    montrees = set(_mesures(json.loads(tableaux[0]["DashboardBody"]["Fn::Sub"])))
    faux = [f"le tableau montre {nom}, que personne ne mesure" for espace, nom in montrees if espace == "optopec/${Etape}" and nom not in mesures]
    faux += [f"le tableau ne montre rien de {e}" for e in {"AWS/ApiGateway", "AWS/Lambda", "AWS/SQS", "AWS/DynamoDB", "optopec/${Etape}"} - {e for e, _ in montrees}]
    return faux


def chaque_sortie_existe(m):
    """What a nested stack is asked for and given: neither linter looks."""
    faux = []
    for valeur in _chemins(m["racine"]):
        if isinstance(valeur, dict) and "Fn::GetAtt" in valeur and str(valeur["Fn::GetAtt"][1]).startswith("Outputs."):
            pile, sortie = valeur["Fn::GetAtt"][0], valeur["Fn::GetAtt"][1].removeprefix("Outputs.")
            faux += [f"{pile} ne donne pas {sortie}"] * (sortie not in m[pile]["Outputs"])
    for nom, pile in _ressources(m, "racine", "AWS::CloudFormation::Stack").items():
        donnes, demandes = set(pile["Parameters"]), set(m[nom]["Parameters"])
        faux += [f"{nom} : paramètres {donnes ^ demandes}"] * (donnes != demandes)
        faux += [f"{nom} : {pile['TemplateURL']}"] * (pile["TemplateURL"] != f"infra/aws/{modele.NESTED[nom]}.yaml")
    return faux


def les_pages_ont_les_en_tetes_du_local(m):
    faux = []
    politique = m["Diffusion"]["Resources"]["EnTetesPages"]["Properties"]["ResponseHeadersPolicyConfig"]
    securite = politique["SecurityHeadersConfig"]
    lus = {i["Header"]: i["Value"] for i in politique["CustomHeadersConfig"]["Items"]}
    lus["referrer-policy"] = securite["ReferrerPolicy"]["ReferrerPolicy"]
    lus |= {"x-content-type-options": "nosniff"} if "ContentTypeOptions" in securite else {}
    for nom, valeur in modele.en_tetes().items():
        faux += [f"{nom} : {lus.get(nom)!r}, en local {valeur!r}"] * (lus.get(nom) != valeur)
    lue = securite["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    # In the cloud the issuer and the page one signs in on are other origins.
    attendue = modele.politique_de_contenu() + " https://cognito-idp.${AWS::Region}.amazonaws.com ${PageDeConnexion}"
    faux += [f"politique de contenu : {lue!r}, attendue {attendue!r}"] * (lue != attendue)
    for nom in ("EnTetesPages", "EnTetesApi"):
        tls = m["Diffusion"]["Resources"][nom]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"].get("StrictTransportSecurity", {})
        faux += [f"{nom} : HSTS {tls}"] * (not (tls.get("AccessControlMaxAgeSec", 0) >= 31536000 and tls.get("IncludeSubdomains") is True and tls.get("Override") is True))
    distribution = m["Diffusion"]["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    faux += ["une page d'erreur cacherait un 404 de l'API"] * ("CustomErrorResponses" in distribution)
    faux += ["pas de pare-feu"] * (distribution.get("WebACLId") != {"Ref": "PareFeuArn"})
    api = [c for c in distribution["CacheBehaviors"] if c["TargetOriginId"] == "api"]
    faux += ["l'API n'est pas à /v1/*, ou est gardée en cache"] * ([(c["PathPattern"], c["CachePolicyId"]) for c in api] != [("/v1/*", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad")])
    return faux


def les_adresses_sont_lues_comme_en_local(m):
    """The function of CloudFront itself, over the cases of the local runner's tests."""
    node = shutil.which("node")
    if node is None:
        return ["node manque : la fonction de CloudFront n'a pas été essayée"]
    code = m["Diffusion"]["Resources"]["Adresses"]["Properties"]["FunctionCode"]
    cas = modele.adresses()
    # CloudFront gives no request whose address does not begin with a slash.
    autres = [a for a in cas["autre"] if a.startswith("/")]
    attendus = {a: None for a in autres} | {a: a for a in cas["fichier"]} | {a: "/index.html" for a in cas["ecran"] + ["/", "/dossiers/"]}
    attendus |= {"/" + "a" * 2000: None, "/v1": None}
    appel = f"{code}\nconst cas = JSON.parse(require('fs').readFileSync(0, 'utf8'));" + (
        "const lus = cas.map((uri) => { const r = handler({ request: { method: 'GET', uri, headers: {} } }); return r.statusCode === 404 ? null : r.uri; });"
        "process.stdout.write(JSON.stringify(lus));"
    )
    essai = subprocess.run([node, "-e", appel], input=json.dumps(list(attendus)), capture_output=True, text=True, timeout=30)
    if essai.returncode:
        return [essai.stderr.strip().splitlines()[-1]]
    return [f"{a} : {lu}, attendu {attendus[a]}" for a, lu in zip(attendus, json.loads(essai.stdout)) if lu != attendus[a]]


def la_bordure_ne_garde_rien(m):
    faux = []
    pare_feu = m["Bordure"]["Resources"]["PareFeu"]["Properties"]
    faux += ["le pare-feu n'est pas celui de CloudFront"] * (pare_feu["Scope"] != "CLOUDFRONT")
    for valeur in _chemins(pare_feu):
        if isinstance(valeur, dict) and "SampledRequestsEnabled" in valeur:
            faux += ["des requêtes seraient gardées hors d'Europe"] * (valeur["SampledRequestsEnabled"] is not False)
    debits = [r for r in pare_feu["Rules"] if "RateBasedStatement" in r["Statement"]]
    faux += ["pas de règle de débit"] * (not debits)
    faux += [f"{r['Name']} compte et laisse passer" for r in debits if list(r.get("Action", {})) != ["Block"]]
    return faux + [f"{r['Name']} compte et laisse passer" for r in pare_feu["Rules"] if r not in debits and r.get("OverrideAction") != {"None": {}}]


def les_fichiers_se_lisent_par_la_distribution_seule(m):
    faux, ressources = [], m["Diffusion"]["Resources"]
    distribution = {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"}
    refus = []
    for s in ressources["DroitsFichiers"]["Properties"]["PolicyDocument"]["Statement"]:
        if s["Effect"] == "Deny":
            refus += [s["Principal"] == "*" and s.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}]
            continue
        faux += [f"{s['Sid']} : {s['Principal']}"] * (s["Principal"] != {"Service": "cloudfront.amazonaws.com"})
        # CloudFront is one service for all its customers: without the condition anybody's distribution reads the bucket.
        faux += [f"{s['Sid']} : toute distribution"] * (s.get("Condition") != {"StringEquals": {"aws:SourceArn": distribution}})
        faux += [f"{s['Sid']} : {a}" for a in _liste(s["Action"]) if a not in ("s3:GetObject", "s3:ListBucket")]
    faux += ["les fichiers se lisent sans TLS"] * (refus != [True])
    origines = {o["Id"]: o for o in ressources["Distribution"]["Properties"]["DistributionConfig"]["Origins"]}
    faux += ["CloudFront ne signe pas ce qu'il demande au seau"] * (origines["fichiers"].get("OriginAccessControlId") != {"Fn::GetAtt": ["AccesFichiers", "Id"]})
    signe = ressources["AccesFichiers"]["Properties"]["OriginAccessControlConfig"]
    faux += [f"signature : {signe['SigningBehavior']}"] * (signe["SigningBehavior"] != "always")
    for nom, seau in _ressources(m, "Diffusion", "AWS::S3::Bucket").items():
        ferme = seau.get("PublicAccessBlockConfiguration", {})
        faux += [f"{nom} peut devenir public"] * ([ferme.get(k) for k in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")] != [True] * 4)
    return faux


REGLES = [f for n, f in list(globals().items()) if callable(f) and not n.startswith("_") and getattr(f, "__module__", "") == __name__]


def main():
    m, faux = modele.charger(), 0
    for regle in REGLES:
        for f in regle(m):
            faux += 1
            print(f"{regle.__name__} : {f}")
    print(f"règles : {len(REGLES)}, écarts : {faux}")
    for signal, pourquoi in A_VENIR.items():
        print(f"à venir : {signal} ({pourquoi})")
    return 1 if faux else 0


if __name__ == "__main__":
    raise SystemExit(main())
