"""Each rule of `regles.py` sees what it is for: the templates are broken one way at a time, and that rule, not just any, must say so."""

import copy
import sys

import droits
import modele
import regles

BON = modele.charger()


def ressource(m, pile, nom):
    return m[pile]["Resources"][nom]["Properties"]


def fonction(m, nom):
    return ressource(m, "racine", "Fonction" + nom)


def droit(m, nom, sid):
    return next(s for s in ressource(m, "Droits", "Droits" + nom)["PolicyDocument"]["Statement"] if s["Sid"] == sid)


def cle(m, sid):
    return next(s for s in ressource(m, "Droits", "CleDonnees")["KeyPolicy"]["Statement"] if s["Sid"] == sid)


def mettre(ou, quoi, valeur):
    ou[quoi] = valeur


def oter(ou, quoi):
    del ou[quoi]


# rule, what is broken, how
CAS = [
    ("chaque_fonction_a_sa_ressource", "une ressource manque", lambda m: oter(m["racine"]["Resources"], "FonctionPrinting")),
    ("chaque_fonction_a_sa_ressource", "une ressource de trop", lambda m: mettre(fonction(m, "Credits"), "CodeUri", "target/paquets/fantome.zip")),
    ("les_programmes_sont_des_bootstrap", "un autre système", lambda m: mettre(fonction(m, "Credits"), "Runtime", "provided.al2")),
    ("chaque_variable_est_donnee", "une variable manque", lambda m: oter(m["racine"]["Globals"]["Function"]["Environment"]["Variables"], "OPTOPEC_CLE_KMS")),
    ("chaque_variable_est_donnee", "une faute de frappe", lambda m: mettre(fonction(m, "PecSubmission")["Environment"]["Variables"], "OPTOPEC_LIMITTES", "1")),
    ("chaque_variable_est_donnee", "les limites éteintes", lambda m: mettre(m["racine"]["Globals"]["Function"]["Environment"]["Variables"], "OPTOPEC_LIMITES", "0")),
    ("un_secret_ne_va_qu_a_qui_appelle", "un secret de trop", lambda m: mettre(fonction(m, "PecSubmission")["Environment"]["Variables"], "CONCENTRATEUR_JETON", {"Fn::Sub": "${SecretConcentrateur}"})),
    ("un_secret_ne_va_qu_a_qui_appelle", "un secret qui manque", lambda m: oter(fonction(m, "StatusRefresh")["Environment"]["Variables"], "CONCENTRATEUR_JETON")),
    ("chaque_route_a_son_evenement", "une route manque", lambda m: oter(fonction(m, "Credits")["Events"], "CreditsMouvements")),
    ("chaque_route_a_son_evenement", "une route ailleurs", lambda m: mettre(fonction(m, "Printing")["Events"], "Credits", fonction(m, "Credits")["Events"].pop("Credits"))),
    ("chaque_route_a_son_evenement", "une route ouverte", lambda m: mettre(fonction(m, "Credits")["Events"]["Credits"]["Properties"], "Auth", {"Authorizer": "NONE"})),
    ("chaque_route_a_son_evenement", "une méthode seule", lambda m: mettre(fonction(m, "Credits")["Events"]["Credits"]["Properties"], "Method", "GET")),
    ("nul_n_entre_sans_jeton", "pas d'autorisation par défaut", lambda m: ouvrir(m)),
    ("nul_n_entre_sans_jeton", "un autre émetteur", lambda m: (mettre(ressource(m, "racine", "Api")["Auth"]["Authorizers"]["Cognito"]["JwtConfiguration"], "issuer", "https://exemple.fr"), etendre(m))),
    ("nul_n_entre_sans_jeton", "un public de plus", lambda m: (ressource(m, "racine", "Api")["Auth"]["Authorizers"]["Cognito"]["JwtConfiguration"]["audience"].append("x"), etendre(m))),
    ("les_delais_tiennent_ensemble", "plus long que l'API", lambda m: mettre(fonction(m, "Dossiers"), "Timeout", 290)),
    ("les_delais_tiennent_ensemble", "plus long que le bail", lambda m: mettre(fonction(m, "PecTransmission"), "Timeout", 120)),
    ("les_delais_tiennent_ensemble", "plus court qu'un appel", lambda m: mettre(fonction(m, "PecTransmission"), "Timeout", 29)),
    ("les_delais_tiennent_ensemble", "plus court que la démonstration", lambda m: mettre(fonction(m, "ConcentrateurDemo"), "Timeout", 20)),
    ("la_memoire_est_mesuree", "un zéro de trop", lambda m: mettre(fonction(m, "Dossiers"), "MemorySize", 25600)),
    ("les_files_laissent_le_temps", "visible trop tôt", lambda m: mettre(ressource(m, "Donnees", "FileTransmission"), "VisibilityTimeout", 10)),
    ("les_files_laissent_le_temps", "morte trop tôt", lambda m: mettre(ressource(m, "Donnees", "FileActualisation")["RedrivePolicy"], "maxReceiveCount", 1)),
    ("les_files_laissent_le_temps", "un échec qui passe pour fait", lambda m: oter(fonction(m, "StatusRefresh")["Events"]["Actualisation"]["Properties"], "FunctionResponseTypes")),
    ("les_files_laissent_le_temps", "dix dans un appel", lambda m: mettre(fonction(m, "PecTransmission")["Events"]["Transmission"]["Properties"], "BatchSize", 10)),
    ("les_files_laissent_le_temps", "en clair", lambda m: mettre(ressource(m, "Donnees", "FileTransmissionMortes"), "SqsManagedSseEnabled", False)),
    ("les_files_laissent_le_temps", "sans lecteur", lambda m: oter(fonction(m, "PecTransmission")["Events"], "Transmission")),
    ("la_simultaneite_tient_dans_le_quota", "une file sans borne", lambda m: oter(fonction(m, "StatusRefresh")["Events"]["Actualisation"]["Properties"], "ScalingConfig")),
    ("la_simultaneite_tient_dans_le_quota", "une file qui prend tout", lambda m: mettre(fonction(m, "PecTransmission")["Events"]["Transmission"]["Properties"]["ScalingConfig"], "MaximumConcurrency", 400)),
    ("la_simultaneite_tient_dans_le_quota", "une API sans débit", lambda m: oter(ressource(m, "racine", "ApiDemonstration"), "DefaultRouteSettings")),
    ("les_variables_disent_ou_sont_les_choses", "deux tables échangées", lambda m: mettre(communes(m), "OPTOPEC_TABLE_DOSSIERS", communes(m)["OPTOPEC_TABLE_CREDITS"])),
    ("les_variables_disent_ou_sont_les_choses", "deux files échangées", lambda m: mettre(communes(m), "OPTOPEC_FILE_TRANSMISSION", communes(m)["OPTOPEC_FILE_ACTUALISATION"])),
    ("les_variables_disent_ou_sont_les_choses", "la clé d'exploitation pour les données", lambda m: mettre(communes(m), "OPTOPEC_CLE_KMS", {"Fn::GetAtt": ["Droits", "Outputs.CleExploitationArn"]})),
    ("les_variables_disent_ou_sont_les_choses", "d'autres autorités", lambda m: mettre(communes(m), "SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")),
    ("les_variables_disent_ou_sont_les_choses", "une table pour une seule fonction", lambda m: mettre(fonction(m, "PecSubmission")["Environment"]["Variables"], "OPTOPEC_TABLE_DOSSIERS", "optopec-essai-dossiers")),
    ("les_variables_disent_ou_sont_les_choses", "une sortie échangée", lambda m: mettre(m["Donnees"]["Outputs"]["TableDossiers"], "Value", m["Donnees"]["Outputs"]["TableCredits"]["Value"])),
    ("les_variables_disent_ou_sont_les_choses", "les droits d'une autre table", lambda m: mettre(ressource(m, "racine", "Droits")["Parameters"], "TableCreditsArn", {"Fn::GetAtt": ["Donnees", "Outputs.TableMutuellesArn"]})),
    ("les_variables_disent_ou_sont_les_choses", "un suffixe sans effet", lambda m: oter(ressource(m, "Donnees", "FileHorairesMortes"), "Tags")),
    ("les_variables_disent_ou_sont_les_choses", "les droits sans le suffixe", lambda m: mettre(m["Donnees"]["Outputs"]["TableDossiersArn"], "Value", {"Fn::GetAtt": ["TableDossiers", "Arn"]})),
    ("les_tables_sont_celles_du_code", "un index manque", lambda m: ressource(m, "Donnees", "TableDossiers")["GlobalSecondaryIndexes"].pop()),
    ("les_tables_sont_celles_du_code", "un autre type", lambda m: mettre(next(a for a in ressource(m, "Donnees", "TableDossiers")["AttributeDefinitions"] if a["AttributeName"] == "ech_a"), "AttributeType", "S")),
    ("les_tables_sont_celles_du_code", "une autre clé", lambda m: mettre(ressource(m, "Donnees", "TableCredits")["KeySchema"][1], "AttributeName", "rang")),
    ("les_tables_sont_celles_du_code", "pas de fin de vie", lambda m: oter(ressource(m, "Donnees", "TableDossiers"), "TimeToLiveSpecification")),
    ("les_tables_sont_celles_du_code", "une fin de vie de trop", lambda m: mettre(ressource(m, "Donnees", "TableCredits"), "TimeToLiveSpecification", {"AttributeName": "ttl", "Enabled": True})),
    ("les_tables_sont_celles_du_code", "pas de retour en arrière", lambda m: oter(ressource(m, "Donnees", "TableCredits"), "PointInTimeRecoverySpecification")),
    ("les_tables_sont_celles_du_code", "pas protégée", lambda m: mettre(ressource(m, "Donnees", "TableMutuelles"), "DeletionProtectionEnabled", False)),
    ("les_tables_sont_celles_du_code", "la clé d'AWS", lambda m: oter(ressource(m, "Donnees", "TableDossiers")["SSESpecification"], "KMSMasterKeyId")),
    ("les_tables_sont_celles_du_code", "s'en va avec la pile", lambda m: oter(m["Droits"]["Resources"]["CleDonnees"], "DeletionPolicy")),
    ("aucun_droit_en_blanc", "toutes les actions", lambda m: mettre(droit(m, "Printing", "Dossiers"), "Action", "dynamodb:*")),
    ("aucun_droit_en_blanc", "toutes les tables", lambda m: mettre(droit(m, "Printing", "Dossiers"), "Resource", "*")),
    ("aucun_droit_en_blanc", "une politique d'AWS", lambda m: mettre(ressource(m, "Droits", "RolePrinting"), "ManagedPolicyArns", ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"])),
    ("aucun_droit_en_blanc", "le rôle d'une autre", lambda m: mettre(fonction(m, "Printing"), "Role", {"Fn::GetAtt": ["Droits", "Outputs.RoleDossiersArn"]})),
    ("les_droits_sur_les_tables_sont_ceux_du_code", "une lecture de toute la table", lambda m: droit(m, "Dossiers", "Dossiers")["Action"].append("dynamodb:Scan")),
    ("les_droits_sur_les_tables_sont_ceux_du_code", "le grand livre changé", lambda m: droit(m, "Credits", "Credits")["Action"].append("dynamodb:UpdateItem")),
    ("les_droits_sur_les_tables_sont_ceux_du_code", "la démonstration partout", lambda m: oter(droit(m, "ConcentrateurDemo", "Dossiers"), "Condition")),
    ("les_droits_sur_les_files_sont_ceux_du_code", "un envoi qui manque", lambda m: mettre(droit(m, "PecSubmission", "Envoi"), "Resource", {"Ref": "FileActualisationArn"})),
    ("les_droits_sur_les_files_sont_ceux_du_code", "une réception qui manque", lambda m: droit(m, "StatusRefresh", "Reception")["Action"].remove("sqs:DeleteMessage")),
    ("les_droits_sur_les_files_sont_ceux_du_code", "une file de trop", lambda m: droit(m, "PecSubmission", "Envoi")["Action"].append("sqs:PurgeQueue")),
    ("les_droits_sur_les_files_sont_ceux_du_code", "des échecs sans droit d'écrire", lambda m: mettre(droit(m, "CreditsNuit", "Mortes"), "Action", [])),
    ("le_grand_livre_ne_change_pas", "pas de politique", lambda m: oter(ressource(m, "Donnees", "TableCredits"), "ResourcePolicy")),
    ("le_grand_livre_ne_change_pas", "un refus de moins", lambda m: ressource(m, "Donnees", "TableCredits")["ResourcePolicy"]["PolicyDocument"]["Statement"][0]["Action"].remove("dynamodb:DeleteItem")),
    ("le_grand_livre_ne_change_pas", "écrit hors d'une transaction", lambda m: ressource(m, "Donnees", "TableCredits")["ResourcePolicy"]["PolicyDocument"]["Statement"].pop()),
    ("la_cle_des_donnees_sert_aux_fonctions_seules", "le compte entier", lambda m: cle(m, "Administration")["Action"].append("kms:Decrypt")),
    ("la_cle_des_donnees_sert_aux_fonctions_seules", "kms:*", lambda m: mettre(cle(m, "Administration"), "Action", "kms:*")),
    ("la_cle_des_donnees_sert_aux_fonctions_seules", "sans contexte", lambda m: oter(cle(m, "Lecture"), "Condition")),
    ("la_cle_des_donnees_sert_aux_fonctions_seules", "la démonstration", lambda m: cle(m, "Lecture")["Principal"]["AWS"].append({"Fn::GetAtt": ["RoleConcentrateurDemo", "Arn"]})),
    ("nul_n_ecrit_son_role", "un rôle qu'on se donne", lambda m: ressource(m, "Identite", "ClientLogiciel")["WriteAttributes"].append("custom:role")),
    ("nul_n_ecrit_son_role", "rien de dit", lambda m: oter(ressource(m, "Identite", "ClientWeb"), "WriteAttributes")),
    ("nul_n_ecrit_son_role", "un second facteur au choix", lambda m: mettre(ressource(m, "Identite", "Utilisateurs"), "MfaConfiguration", "OPTIONAL")),
    ("nul_n_ecrit_son_role", "chacun s'inscrit", lambda m: mettre(ressource(m, "Identite", "Utilisateurs")["AdminCreateUserConfig"], "AllowAdminCreateUserOnly", False)),
    ("nul_n_ecrit_son_role", "le flux implicite", lambda m: ressource(m, "Identite", "ClientWeb")["AllowedOAuthFlows"].append("implicit")),
    ("nul_n_ecrit_son_role", "un jeton d'un jour", lambda m: mettre(ressource(m, "Identite", "ClientWeb"), "IdTokenValidity", 24)),
    ("nul_n_ecrit_son_role", "un logiciel d'un jour", lambda m: mettre(ressource(m, "Identite", "ClientLogiciel"), "IdTokenValidity", 1440)),
    ("nul_n_ecrit_son_role", "un logiciel pour un mois", lambda m: oter(ressource(m, "Identite", "ClientLogiciel"), "RefreshTokenValidity")),
    ("nul_n_ecrit_son_role", "des minutes devenues des heures", lambda m: mettre(ressource(m, "Identite", "ClientLogiciel")["TokenValidityUnits"], "AccessToken", "hours")),
    ("nul_n_ecrit_son_role", "un flux de plus", lambda m: ressource(m, "Identite", "ClientLogiciel")["ExplicitAuthFlows"].append("ALLOW_CUSTOM_AUTH")),
    ("les_horaires_sont_ceux_du_local", "une nuit dont l'échec se perd", lambda m: oter(fonction(m, "CreditsNuit"), "EventInvokeConfig")),
    ("les_horaires_sont_ceux_du_local", "un balayage refait", lambda m: mettre(fonction(m, "StatusRefresh")["EventInvokeConfig"], "MaximumRetryAttempts", 2)),
    ("les_horaires_sont_ceux_du_local", "chaque heure", lambda m: mettre(ressource(m, "racine", "HoraireBalayage"), "ScheduleExpression", "rate(1 hour)")),
    ("les_horaires_sont_ceux_du_local", "un événement de file", lambda m: mettre(ressource(m, "racine", "HoraireNuit")["Target"], "Input", '{"Records":[]}')),
    ("les_horaires_sont_ceux_du_local", "éteint", lambda m: mettre(ressource(m, "racine", "HoraireBalayage"), "State", "DISABLED")),
    ("les_horaires_sont_ceux_du_local", "des comptes que personne ne somme", lambda m: oter(m["racine"]["Resources"], "HoraireComptes")),
    ("chaque_journal_est_garde_et_chiffre", "gardé toujours", lambda m: oter(ressource(m, "racine", "JournalDossiers"), "RetentionInDays")),
    ("chaque_journal_est_garde_et_chiffre", "un autre journal", lambda m: mettre(fonction(m, "Credits")["LoggingConfig"], "LogGroup", {"Ref": "JournalDossiers"})),
    ("chaque_fonction_est_surveillee", "des erreurs que personne ne compte", lambda m: oter(m["Surveillance"]["Resources"], "ErreursCreditsNuit")),
    ("chaque_fonction_est_surveillee", "des signaux que personne ne compte", lambda m: oter(m["Surveillance"]["Resources"], "SignauxMutuellesNuit")),
    ("chaque_fonction_est_surveillee", "une fonction hors de l'alarme", lambda m: ressource(m, "Surveillance", "AlarmeFonctionsEnErreur")["Metrics"].pop()),
    ("chaque_fonction_est_surveillee", "une fonction bridée sans alarme", lambda m: ressource(m, "Surveillance", "AlarmeFonctionsBridees")["Metrics"].pop()),
    ("chaque_alarme_regarde_ce_qui_existe", "une file qui n'est pas là", lambda m: mettre(ressource(m, "Surveillance", "AlarmeRetardTransmission")["Dimensions"][0], "Value", {"Fn::Sub": "optopec-${Etape}-transmissions"})),
    ("chaque_alarme_regarde_ce_qui_existe", "une table qui n'est pas là", lambda m: mettre(derniere(m)["Dimensions"][0], "Value", {"Fn::Sub": "optopec-${Etape}-dossiers"})),
    ("chaque_alarme_regarde_ce_qui_existe", "un index qui n'est pas là", lambda m: mettre(derniere(m)["Dimensions"][1], "Value", "travaux")),
    ("chaque_alarme_regarde_ce_qui_existe", "un index sans alarme", lambda m: ressource(m, "Surveillance", "AlarmeTablesBridees")["Metrics"].pop()),
    ("chaque_alarme_regarde_ce_qui_existe", "onze mesures", lambda m: ressource(m, "Surveillance", "AlarmeTablesBridees")["Metrics"].append(ressource(m, "Surveillance", "AlarmeTablesBridees")["Metrics"][-1])),
    ("chaque_alarme_regarde_ce_qui_existe", "une autre API", lambda m: mettre(ressource(m, "Surveillance", "AlarmeApiEnErreur")["Dimensions"][0], "Value", {"Ref": "Etape"})),
    ("chaque_alarme_regarde_ce_qui_existe", "une période d'un jour", lambda m: ressource(m, "Surveillance", "AlarmeNuitAbsente").update(Period=86400, EvaluationPeriods=2)),
    ("chaque_alarme_regarde_ce_qui_existe", "un jour, sans l'heure d'hiver", lambda m: mettre(ressource(m, "Surveillance", "AlarmeComptesNonVerifies"), "EvaluationPeriods", 24)),
    ("chaque_alarme_regarde_ce_qui_existe", "une heure vide qui sonne", lambda m: mettre(ressource(m, "Surveillance", "AlarmeNuitAbsente"), "DatapointsToAlarm", 1)),
    ("chaque_alarme_regarde_ce_qui_existe", "plus que CloudWatch ne regarde", lambda m: mettre(ressource(m, "Surveillance", "AlarmeApiLente"), "EvaluationPeriods", 300)),
    ("chaque_alarme_regarde_ce_qui_existe", "un tableau sur rien", lambda m: mettre(corps(m), "Fn::Sub", corps(m)["Fn::Sub"].replace("optopec-${Etape}-dossiers${SuffixeTables}", "optopec-${Etape}-clients"))),
    ("une_nuit_manquee_ne_compte_pas", "des conventions qu'un magasin n'a pas", lambda m: mettre(ressource(m, "Surveillance", "Nuits"), "FilterPattern", '{ $.message = "conventions brought up to date" }')),
    ("une_nuit_manquee_ne_compte_pas", "des comptes restés", lambda m: mettre(ressource(m, "Surveillance", "ComptesVerifies"), "FilterPattern", '{ $.message = "accounts verified" && $.echecs = 0 }')),
    ("chaque_mesure_a_sa_source", "un échec sous un autre nom", lambda m: mettre(ressource(m, "Surveillance", "Nuits"), "FilterPattern", ressource(m, "Surveillance", "Nuits")["FilterPattern"].replace("echecs", "erreurs"))),
    ("chaque_mesure_a_sa_source", "un mot que le code n'écrit pas", lambda m: mettre(ressource(m, "Surveillance", "Balayages"), "FilterPattern", '{ $.message = "balayé" }')),
    ("chaque_mesure_a_sa_source", "un champ que la ligne n'a pas", lambda m: mettre(ressource(m, "Surveillance", "Balayages")["MetricTransformations"][0], "MetricValue", "$.trouvees")),
    ("chaque_mesure_a_sa_source", "une alarme que personne ne donne", lambda m: mettre(ressource(m, "Surveillance", "AlarmePlafondLectures")["Dimensions"][0], "Value", "plafond")),
    ("chaque_alarme_a_ses_mots", "sans mode d'emploi", lambda m: mettre(ressource(m, "Surveillance", "AlarmeApiLente"), "AlarmName", {"Fn::Sub": "optopec-${Etape}-api-tres-lente"})),
    ("chaque_alarme_a_ses_mots", "sans destinataire", lambda m: mettre(ressource(m, "Surveillance", "AlarmeApiLente"), "AlarmActions", [])),
    ("chaque_alarme_a_ses_mots", "sans mesure", lambda m: mettre(ressource(m, "Surveillance", "AlarmeInterdits"), "MetricName", "Interdit")),
    ("ce_qui_est_promis_est_la", "une alarme de moins", lambda m: oter(m["Surveillance"]["Resources"], "AlarmeApiEnErreur")),
    ("ce_qui_est_promis_est_la", "pas de démonstration en production", lambda m: mettre(m["racine"]["Resources"]["FonctionConcentrateurDemo"], "Condition", "Reel")),
    ("ce_qui_est_promis_est_la", "une seule étape", lambda m: m["Donnees"]["Parameters"]["Etape"]["AllowedValues"].remove("essai")),
    ("le_tableau_montre_ce_qui_est_mesure", "pas de tableau", lambda m: oter(m["Surveillance"]["Resources"], tableau(m))),
    ("le_tableau_montre_ce_qui_est_mesure", "une mesure que personne ne fait", lambda m: mettre(corps(m), "Fn::Sub", corps(m)["Fn::Sub"].replace("ResultatsInconnus", "Inconnus"))),
    ("chaque_sortie_existe", "une sortie qui n'est pas là", lambda m: oter(m["Donnees"]["Outputs"], "TableDossiers")),
    ("chaque_sortie_existe", "un paramètre oublié", lambda m: oter(ressource(m, "racine", "Droits")["Parameters"], "TableCreditsArn")),
    ("les_pages_ont_les_en_tetes_du_local", "une politique plus large", lambda m: mettre(csp(m), "ContentSecurityPolicy", {"Fn::Sub": csp(m)["ContentSecurityPolicy"]["Fn::Sub"] + " *"})),
    ("les_pages_ont_les_en_tetes_du_local", "un en-tête de moins", lambda m: ressource(m, "Diffusion", "EnTetesPages")["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"].pop(0)),
    ("les_pages_ont_les_en_tetes_du_local", "sans TLS pour les sous-domaines", lambda m: mettre(hsts(m), "IncludeSubdomains", False)),
    ("les_pages_ont_les_en_tetes_du_local", "un 404 qui devient une page", lambda m: mettre(distribution(m), "CustomErrorResponses", [{"ErrorCode": 404, "ResponsePagePath": "/index.html"}])),
    ("les_pages_ont_les_en_tetes_du_local", "sans pare-feu", lambda m: oter(distribution(m), "WebACLId")),
    ("les_adresses_sont_lues_comme_en_local", "une page pour l'API", lambda m: code(m, "^(local|v[0-9]+)$", "^local$")),
    ("les_adresses_sont_lues_comme_en_local", "un fichier caché", lambda m: code(m, "^[A-Za-z0-9_~-][", "^[.A-Za-z0-9_~-][")),
    ("la_bordure_ne_garde_rien", "des requêtes gardées", lambda m: mettre(m["Bordure"]["Resources"]["PareFeu"]["Properties"]["VisibilityConfig"], "SampledRequestsEnabled", True)),
    ("la_bordure_ne_garde_rien", "pas de débit", lambda m: m["Bordure"]["Resources"]["PareFeu"]["Properties"]["Rules"].pop(0)),
    ("la_bordure_ne_garde_rien", "un débit que l'on compte", lambda m: mettre(m["Bordure"]["Resources"]["PareFeu"]["Properties"]["Rules"][0], "Action", {"Count": {}})),
    ("la_bordure_ne_garde_rien", "des attaques que l'on compte", lambda m: mettre(m["Bordure"]["Resources"]["PareFeu"]["Properties"]["Rules"][2], "OverrideAction", {"Count": {}})),
    ("les_fichiers_se_lisent_par_la_distribution_seule", "toute distribution", lambda m: oter(fichiers(m)[0], "Condition")),
    ("les_fichiers_se_lisent_par_la_distribution_seule", "tout le monde", lambda m: mettre(fichiers(m)[0], "Principal", "*")),
    ("les_fichiers_se_lisent_par_la_distribution_seule", "sans TLS", lambda m: fichiers(m).pop()),
    ("les_fichiers_se_lisent_par_la_distribution_seule", "sans signature", lambda m: oter(distribution(m)["Origins"][0], "OriginAccessControlId")),
    ("les_fichiers_se_lisent_par_la_distribution_seule", "une signature au choix", lambda m: mettre(ressource(m, "Diffusion", "AccesFichiers")["OriginAccessControlConfig"], "SigningBehavior", "no-override")),
    ("les_fichiers_se_lisent_par_la_distribution_seule", "un seau qui s'ouvre", lambda m: mettre(ressource(m, "Diffusion", "Fichiers")["PublicAccessBlockConfiguration"], "BlockPublicPolicy", False)),
]


def etendre(m):
    m["etendu"] = modele.etendre(m["racine"])


def ouvrir(m):
    del ressource(m, "racine", "Api")["Auth"]["DefaultAuthorizer"]
    for evenement in fonction(m, "Dossiers")["Events"].values():
        evenement["Properties"].pop("Auth", None)
    etendre(m)


def communes(m):
    return m["racine"]["Globals"]["Function"]["Environment"]["Variables"]


def derniere(m):
    return ressource(m, "Surveillance", "AlarmeTablesBridees")["Metrics"][-1]["MetricStat"]["Metric"]


def fichiers(m):
    return ressource(m, "Diffusion", "DroitsFichiers")["PolicyDocument"]["Statement"]


def csp(m):
    return ressource(m, "Diffusion", "EnTetesPages")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]


def hsts(m):
    return ressource(m, "Diffusion", "EnTetesApi")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["StrictTransportSecurity"]


def tableau(m):
    return next(n for n, r in m["Surveillance"]["Resources"].items() if r["Type"] == "AWS::CloudWatch::Dashboard")


def corps(m):
    return ressource(m, "Surveillance", tableau(m))["DashboardBody"]


def distribution(m):
    return ressource(m, "Diffusion", "Distribution")["DistributionConfig"]


def code(m, avant, apres):
    f = ressource(m, "Diffusion", "Adresses")
    assert avant in f["FunctionCode"], avant
    f["FunctionCode"] = f["FunctionCode"].replace(avant, apres)


def main():
    manques = [f"{r.__name__} : aucune épreuve" for r in regles.REGLES if r.__name__ not in {nom for nom, _, _ in CAS}]
    for nom, quoi, casser in CAS:
        casse = copy.deepcopy(BON)
        casser(casse)
        if not getattr(regles, nom)(casse):
            manques.append(f"{nom} ne voit pas : {quoi}")
    lus = droits.accordes(BON)
    vu = {"printing": {"dossiers": ["Query", "TransactWriteItems:Put", "TransactWriteItems:Delete"]}, "status-refresh": {"dossiers": ["Query:echeance", "Query:travail"]}}
    attendu = ["printing : DeleteItem sur dossiers lui manque", "status-refresh : Query sur dossiers/travail lui manque"]
    if droits.ecarts(lus, droits.demandes(vu))[0] != attendu:
        manques.append("droits.py ne voit pas le droit qui manque")
    for manque in manques:
        print(manque)
    print(f"épreuves : {len(CAS)}, restées sans effet : {len(manques)}")
    return 1 if manques else 0


if __name__ == "__main__":
    sys.exit(main())
