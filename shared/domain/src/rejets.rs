//! The catalogue of rejections: what a refusal means and what the shop can do about it.
//!
//! A counter assistant reads one of two messages, the platform's or the mutuelle's, and needs the
//! next gesture beside it (« Que faire ? », manuel MyEasyOptic). This module holds that gesture for
//! every case that could be found, and an honest default for the others, so that no refusal is ever
//! shown without advice.
//!
//! What must hold: a code is unique; its prefix says its origin (`PLT-`, `MUT-`, `AMO-`); every row
//! carries an advice, a source, and how well that source supports it.
//!
//! The codes are ours. The official list of motifs of the OptoAMC norm is not public, so a real
//! concentrator's codes are translated by its dialect, never assumed to be these. The five `AMO-`
//! rows belong to billing: no demande receives them; they are here because shops meet them and ask.
//!
//! Deliberately absent: any effect on a demande or a credit. Those follow from the origin of the
//! refusal alone, in the state machine; a code only chooses words.
//!
//! Sources: each row names its own. Two need a caution. The pages of the repository
//! GetGranit/granit-landing-page are a vendor's fact sheets, partly observations made on portals.
//! The messages numbered 6001 to 6014 were read in a public file whose provenance is to be checked:
//! they are kept as facts about what a person may read, and nothing else of that file is used.

/// Who said no. It decides which message field is shown and what the default advice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrigineRejet {
    /// The concentrator: the mutuelle never saw the demande.
    Plateforme,
    /// The complementary insurer.
    Mutuelle,
    /// The compulsory insurance, when the sale is billed: outside of any demande.
    Amo,
}

/// What may be tried again, and after what. Never an order to the program: it sends nothing twice by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reessai {
    /// Another demande would get the same answer.
    Non,
    /// The same demande may be made again.
    Oui,
    /// The trouble passes by itself; the state is to be read before anything is sent again.
    OuiAutomatique,
    /// Nothing is to be sent: the state is to be read.
    Consultation,
    /// After the field at fault was corrected.
    ApresCorrection,
    /// After the prise en charge that exists was cancelled.
    ApresAnnulation,
    /// After a justification was found.
    ApresJustificatif,
    /// After the documents asked for were sent.
    ApresPieces,
    /// By a new demande, the former one being over.
    NouvelleDemande,
}

/// How well the source supports a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preuve {
    /// The case was found in the source.
    Trouve,
    /// The case was found, but in a secondary source only.
    TrouveSecondaire,
    /// The rule, the delay or the cause was found; the wording of the message is ours.
    Regle,
    /// Deduced: no source tells of this rejection.
    Deduit,
}

/// One rejection of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejet {
    /// Our code, e.g. `MUT-05`.
    pub code: &'static str,
    /// Who rejects.
    pub origine: OrigineRejet,
    /// A word to group by.
    pub categorie: &'static str,
    /// What the shop reads.
    pub message: &'static str,
    /// The usual cause; empty where none was found.
    pub cause: &'static str,
    /// The next gesture, in full sentences.
    pub que_faire: &'static str,
    /// What may be tried again.
    pub reessai: Reessai,
    /// JSON pointer to what is to be corrected, into the dossier or, below `/magasin`, into the shop.
    /// `None` where the code alone does not name one place (a line, a price, a right).
    pub champ: Option<&'static str>,
    /// How well the source supports this row.
    pub etat: Preuve,
    /// Where it was read.
    pub source: &'static str,
}

/// Le catalogue, dans l'ordre des codes. `{champ}`, `{champ2}` et `{date}` sont des trous du message d'origine.
pub const REJETS: &[Rejet] = &[
    Rejet {
        code: "PLT-01",
        origine: OrigineRejet::Plateforme,
        categorie: "champ obligatoire",
        message: "Donnée obligatoire absente : {champ}",
        cause: "Un champ O de la norme est vide",
        que_faire: "Compléter le champ indiqué, puis renvoyer la demande.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Regle,
        source: "http://www.cristallin.com/quest-ce-que-loptoamc/",
    },
    Rejet {
        code: "PLT-02",
        origine: OrigineRejet::Plateforme,
        categorie: "champ conditionnel",
        message: "Donnée conditionnelle absente : {champ} (dépendance {champ2})",
        cause: "Un champ C est vide alors que sa condition (colonne « dépendance ») est remplie",
        que_faire: "Renseigner le champ indiqué, ou corriger la donnée dont il dépend (par exemple le prisme ou l'addition), puis renvoyer la demande.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Regle,
        source: "http://www.cristallin.com/quest-ce-que-loptoamc/",
    },
    Rejet {
        code: "PLT-03",
        origine: OrigineRejet::Plateforme,
        categorie: "champ facultatif exigé",
        message: "L'organisme exige la donnée {champ}, non transmise selon votre paramétrage",
        cause: "Champ facultatif désactivé dans les options de transmission",
        que_faire: "Activer l'envoi de cette donnée si le client y a consenti ; sinon, déposer la demande par le portail ou en papier.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/magasin/transmission"),
        etat: Preuve::Regle,
        source: "manuel Winoptics ; http://www.cristallin.com/quest-ce-que-loptoamc/",
    },
    Rejet {
        code: "PLT-04",
        origine: OrigineRejet::Plateforme,
        categorie: "consentement",
        message: "Envoi impossible : consentement non recueilli",
        cause: "Case « Consentement imprimé » non cochée",
        que_faire: "Imprimer l'autorisation, la faire signer, enregistrer le consentement dans le dossier, puis relancer la demande.",
        reessai: Reessai::Oui,
        champ: Some("/consentement"),
        etat: Preuve::Trouve,
        source: "manuel MyEasyOptic ; manuel Winoptics",
    },
    Rejet {
        code: "PLT-05",
        origine: OrigineRejet::Plateforme,
        categorie: "conventionnement",
        message: "Opticien non conventionné auprès de cette plateforme",
        cause: "Magasin sans convention (ex. SP Santé, iSanté : tiers payant impossible sans contrat)",
        que_faire: "Demander le conventionnement à la plateforme ; en attendant, faire régler le client et lui remettre une facture.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Regle,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/sp-sante.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/isante.json)",
    },
    Rejet {
        code: "PLT-06",
        origine: OrigineRejet::Plateforme,
        categorie: "mutuelle non raccordée",
        message: "L'organisme n'accepte pas les demandes électroniques pour ce type de dossier",
        cause: "Colonne PEC = Non, ou dossier lentilles alors que l'organisme est OPT",
        que_faire: "Passer par le portail, le fax ou l'e-mail de l'organisme ; choisir un dossier optique si c'est possible.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Regle,
        source: "manuel MyEasyOptic",
    },
    Rejet {
        code: "PLT-07",
        origine: OrigineRejet::Plateforme,
        categorie: "aiguillage",
        message: "Cette demande doit être adressée à la plateforme indiquée sur l'attestation",
        cause: "Mauvaise plateforme pour ce contrat",
        que_faire: "Relire la carte de tiers payant (logo ou nom de la plateforme), choisir la bonne ligne dans la liste des mutuelles, puis renvoyer la demande.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/tiers_payant/mutuelle_id"),
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/sp-sante.json)",
    },
    Rejet {
        code: "PLT-08",
        origine: OrigineRejet::Plateforme,
        categorie: "aiguillage",
        message: "Organisme absent de la liste",
        cause: "La PEC de cette mutuelle ne passe pas par cette plateforme",
        que_faire: "Vérifier la plateforme imprimée sur la carte et mettre à jour la liste des conventions.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/tiers_payant/mutuelle_id"),
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/isante.json)",
    },
    Rejet {
        code: "PLT-09",
        origine: OrigineRejet::Plateforme,
        categorie: "service",
        message: "Service momentanément indisponible",
        cause: "La transmission n'est pas passée (maintenance, panne)",
        que_faire: "Ne pas ressaisir la demande en double : réessayer plus tard, et vérifier l'état avant tout renvoi.",
        reessai: Reessai::OuiAutomatique,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/sp-sante.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/santeclair.json) ; https://github.com/GetGranit/granit-landing-page (content/ressources/portails-tiers-payant.json)",
    },
    Rejet {
        code: "PLT-10",
        origine: OrigineRejet::Plateforme,
        categorie: "délai",
        message: "Aucune réponse dans le délai de 90 secondes",
        cause: "Réponse attendue sous 90 s non reçue",
        que_faire: "Ne pas renvoyer la demande : elle a pu être enregistrée. Consulter son état avec « Actualiser ».",
        reessai: Reessai::Consultation,
        champ: None,
        etat: Preuve::Regle,
        source: "manuel Winoptics",
    },
    Rejet {
        code: "PLT-11",
        origine: OrigineRejet::Plateforme,
        categorie: "technique",
        message: "Refus technique",
        cause: "Incident informatique côté plateforme (janvier-février 2020)",
        que_faire: "Attendre, puis renvoyer la demande une seule fois ; si le refus revient, appeler le support de la plateforme.",
        reessai: Reessai::Oui,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://www.francebleu.fr/infos/societe/tiers-payant-couacs-a-repetition-chez-les-opticiens-nanceiens-1581236548",
    },
    Rejet {
        code: "PLT-12",
        origine: OrigineRejet::Plateforme,
        categorie: "doublon",
        message: "Une demande de prise en charge existe déjà pour ce dossier",
        cause: "PEC déjà demandée et non annulée",
        que_faire: "Consulter la prise en charge existante ; l'annuler avant d'en refaire une, ou faire une cotation.",
        reessai: Reessai::ApresAnnulation,
        champ: None,
        etat: Preuve::Regle,
        source: "manuel MyEasyOptic",
    },
    Rejet {
        code: "PLT-13",
        origine: OrigineRejet::Plateforme,
        categorie: "format",
        message: "Numéro de sécurité sociale mal formé (clé incorrecte)",
        cause: "NIR saisi avec une erreur, clé 97 fausse",
        que_faire: "Relire la carte Vitale ou l'attestation et contrôler les 15 caractères du numéro (2A ou 2B pour la Corse).",
        reessai: Reessai::ApresCorrection,
        champ: Some("/beneficiaire/nir"),
        etat: Preuve::Deduit,
        source: "règle du NIR : https://www.comptavoo.com/Verifier-et-decomposer-un-numero-de-securite-sociale,1070.html",
    },
    Rejet {
        code: "PLT-14",
        origine: OrigineRejet::Plateforme,
        categorie: "format",
        message: "Identifiant du magasin inconnu (FINESS/ADELI/IFAM)",
        cause: "N° du magasin absent ou erroné",
        que_faire: "Corriger le numéro d'assurance maladie du magasin dans le paramétrage.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/magasin/finess"),
        etat: Preuve::Deduit,
        source: "identifiants : https://github.com/GetGranit/granit-landing-page (content/plateformes/sp-sante.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/itelis.json)",
    },
    Rejet {
        code: "PLT-15",
        origine: OrigineRejet::Plateforme,
        categorie: "accès",
        message: "Compte verrouillé / authentification refusée",
        cause: "5 échecs de connexion, ou conventionnement à mettre à jour",
        que_faire: "Réinitialiser l'accès et compléter le formulaire de conventionnement demandé.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/actil.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/itelis.json)",
    },
    Rejet {
        code: "PLT-16",
        origine: OrigineRejet::Plateforme,
        categorie: "LPP",
        message: "Code LPP inconnu ou inactif à la date de la demande",
        cause: "Code générique désactivé depuis le 2021-07-01 ou catalogue non à jour",
        que_faire: "Mettre à jour le catalogue OPTOLPP ; utiliser le code de regroupement ou le code individuel du fabricant.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Regle,
        source: "https://www.opticien-presse.fr/2021/06/08/codes-lpp-en-optique-ce-qui-change-au-1er-juillet/",
    },
    Rejet {
        code: "PLT-17",
        origine: OrigineRejet::Plateforme,
        categorie: "structure",
        message: "Une demande ne porte que sur un équipement",
        cause: "Deux équipements dans la même demande (Almerys)",
        que_faire: "Scinder la demande : faire une demande par équipement.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/almerys.json)",
    },
    Rejet {
        code: "PLT-18",
        origine: OrigineRejet::Plateforme,
        categorie: "structure",
        message: "La monture doit figurer en première ligne",
        cause: "Ordre des lignes imposé (iSanté)",
        que_faire: "Réordonner les lignes de l'équipement : la monture d'abord, puis les verres.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Regle,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/isante.json)",
    },
    Rejet {
        code: "PLT-19",
        origine: OrigineRejet::Plateforme,
        categorie: "crédit",
        message: "Crédit PEC épuisé / option PEC inactive",
        cause: "Plus de crédit de demandes",
        que_faire: "Recharger des crédits PEC ou activer l'option PEC.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Regle,
        source: "manuel MyEasyOptic",
    },
    Rejet {
        code: "MUT-01",
        origine: OrigineRejet::Mutuelle,
        categorie: "bénéficiaire",
        message: "Bénéficiaire inconnu",
        cause: "N° adhérent + identité non retrouvés : carte périmée, mauvais rattachement, date/rang de naissance, n° mal saisi, mauvais portail",
        que_faire: "Comparer la carte et la fiche (nom, prénom, date et rang de naissance, numéro d'adhérent), corriger, puis renvoyer la demande.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/tiers_payant/numero_adherent"),
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/apercu/ressources/rejet-beneficiaire-inconnu.json) ; code 6001, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-02",
        origine: OrigineRejet::Mutuelle,
        categorie: "bénéficiaire",
        message: "Adhérent de démonstration inconnu",
        cause: "Message montré sur une capture de refus",
        que_faire: "Vérifier le numéro d'adhérent et la mutuelle choisie.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/tiers_payant/numero_adherent"),
        etat: Preuve::Trouve,
        source: "manuel Winoptics",
    },
    Rejet {
        code: "MUT-03",
        origine: OrigineRejet::Mutuelle,
        categorie: "droits",
        message: "Droits du bénéficiaire non ouverts au {date}",
        cause: "Contrat non ouvert, résilié ou en attente",
        que_faire: "Demander la carte de l'année en cours et orienter le client vers sa mutuelle.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Trouve,
        source: "code 6002, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/actil.json ; « Aucun droit ouvert »)",
    },
    Rejet {
        code: "MUT-04",
        origine: OrigineRejet::Mutuelle,
        categorie: "droits",
        message: "Bénéficiaire non éligible au service",
        cause: "Contrat sans tiers payant optique",
        que_faire: "Faire régler le client ; lui remettre la facture et le décompte.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Trouve,
        source: "code 6003, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-05",
        origine: OrigineRejet::Mutuelle,
        categorie: "identification",
        message: "Le n° adhérent est absent et indispensable pour identifier le bénéficiaire",
        cause: "N° d'adhérent non transmis",
        que_faire: "Saisir le numéro d'adhérent qui figure sur la carte, puis renvoyer la demande.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/tiers_payant/numero_adherent"),
        etat: Preuve::Trouve,
        source: "code 6005, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-06",
        origine: OrigineRejet::Mutuelle,
        categorie: "identification",
        message: "Plusieurs adhérents trouvés pour le numéro de contrat demandé",
        cause: "N° de contrat collectif ambigu",
        que_faire: "Ajouter le numéro d'adhérent individuel, puis renvoyer la demande.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/tiers_payant/numero_adherent"),
        etat: Preuve::Trouve,
        source: "code 6014, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-07",
        origine: OrigineRejet::Mutuelle,
        categorie: "identification",
        message: "N° Sécurité sociale inconnu (dossier transmis, parts à zéro)",
        cause: "NIR différent de celui de l'attestation",
        que_faire: "Utiliser le numéro INSEE imprimé sur l'attestation (il peut différer de celui de la carte Vitale) ; ne pas délivrer l'équipement avant la correction.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/beneficiaire/nir"),
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/sp-sante.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/santeclair.json)",
    },
    Rejet {
        code: "MUT-08",
        origine: OrigineRejet::Mutuelle,
        categorie: "droits",
        message: "Veuillez consulter la carte papier",
        cause: "Droits non servis en ligne",
        que_faire: "Vérifier l'attestation papier et faire la demande par un autre canal.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Trouve,
        source: "code 6008, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-09",
        origine: OrigineRejet::Mutuelle,
        categorie: "droits",
        message: "Aucune carte TP valide pour ce contrat",
        cause: "Carte expirée",
        que_faire: "Demander au client une attestation à jour.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Trouve,
        source: "code 6010, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-10",
        origine: OrigineRejet::Mutuelle,
        categorie: "garanties",
        message: "Les garanties du bénéficiaire ne sont pas correctement priorisées",
        cause: "Double couverture, ordre RC1/RC2 incorrect",
        que_faire: "Demander au client de faire corriger ses contrats ; traiter d'abord la mutuelle prioritaire.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Trouve,
        source: "code 6006, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-11",
        origine: OrigineRejet::Mutuelle,
        categorie: "dates",
        message: "La date de référence doit être supérieure ou égale à la date du jour",
        cause: "Date de demande passée",
        que_faire: "Corriger la date de la demande.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/date"),
        etat: Preuve::Trouve,
        source: "code 6009, source publique secondaire (fichier public du paquet com.cegedim.next.serviceeligibility…CarteDematExceptionCode ; provenance à vérifier)",
    },
    Rejet {
        code: "MUT-12",
        origine: OrigineRejet::Mutuelle,
        categorie: "renouvellement",
        message: "Renouvellement anticipé non justifié (dernier équipement depuis moins de 2 ans)",
        cause: "Délai 2 ans (1 an si évolution ou < 16 ans) non atteint",
        que_faire: "Vérifier la date du dernier équipement remboursé ; justifier l'évolution de la vue (justificatif minimisé), sinon informer le client.",
        reessai: Reessai::ApresJustificatif,
        champ: None,
        etat: Preuve::Regle,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/tiers-payant-opticien.json) ; http://acuite.fr/actualite/profession/104126/refus-de-prise-en-charge-anticipee-pour-evolution-de-la-vue-quels-sont ; https://larevuedesopticiens.com/conclusions-de-la-cnil-concernant-les-plaintes-en-cours-d-opticiens-et-de-patients",
    },
    Rejet {
        code: "MUT-13",
        origine: OrigineRejet::Mutuelle,
        categorie: "tarif",
        message: "Dépassement grille tarifaire",
        cause: "Prix supérieur à la grille du réseau/convention",
        que_faire: "Baisser le prix ou changer d'équipement, puis refaire la cotation.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/actil.json)",
    },
    Rejet {
        code: "MUT-14",
        origine: OrigineRejet::Mutuelle,
        categorie: "tarif",
        message: "Tarif jugé hors marché (filtre tarifaire)",
        cause: "Prix comparé au prix moyen du même produit dans la zone",
        que_faire: "Ajuster le prix au coût indiqué par l'organisme, ou vendre sans tiers payant.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/isante.json) ; https://www.acuite.fr/actualite/ocam/307045/nouvelle-convention-generation-impose-une-limitation-tarifaire-aux-opticiens",
    },
    Rejet {
        code: "MUT-15",
        origine: OrigineRejet::Mutuelle,
        categorie: "tarif",
        message: "Le remboursement est trop faible pour réaliser cette commande",
        cause: "Message vu dans une interface d'enseigne (OptoAMC)",
        que_faire: "Revoir avec le client l'offre choisie.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Trouve,
        source: "source publique secondaire (dépôt non nommé)",
    },
    Rejet {
        code: "MUT-16",
        origine: OrigineRejet::Mutuelle,
        categorie: "garantie",
        message: "Montant au-delà de la garantie / plafond atteint",
        cause: "Forfait consommé",
        que_faire: "Annoncer au client le reste à charge et revoir le devis.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Regle,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/tiers-payant-opticien.json) ; https://github.com/GetGranit/granit-landing-page (content/ressources/portails-tiers-payant.json)",
    },
    Rejet {
        code: "MUT-17",
        origine: OrigineRejet::Mutuelle,
        categorie: "pièces",
        message: "Accord sous réserve de pièces justificatives",
        cause: "Devis, bon de livraison, ordonnance, facture attendus",
        que_faire: "Déposer seulement les pièces licites ; ne pas considérer l'accord comme acquis.",
        reessai: Reessai::ApresPieces,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/portail-viamedis.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/oxantis.json)",
    },
    Rejet {
        code: "MUT-18",
        origine: OrigineRejet::Mutuelle,
        categorie: "pièces",
        message: "Dossier incomplet : devis signé et ordonnance demandés",
        cause: "Exigence contestée par les syndicats (Rof, mise en demeure 2020)",
        que_faire: "Vérifier que la demande de pièces est licite ; les transmettre hors devis avec le consentement du client, ou contester.",
        reessai: Reessai::ApresPieces,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/almerys.json) ; https://www.frequenceoptic.fr/actualites/codes-lpp-ordonnances-les-precisions-de-la-dgccrf.html",
    },
    Rejet {
        code: "MUT-19",
        origine: OrigineRejet::Mutuelle,
        categorie: "expiration",
        message: "Prise en charge expirée / périmée",
        cause: "Durée de validité de l'accord dépassée",
        que_faire: "Refaire une demande avant de facturer.",
        reessai: Reessai::NouvelleDemande,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/portail-viamedis.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/almerys.json)",
    },
    Rejet {
        code: "MUT-20",
        origine: OrigineRejet::Mutuelle,
        categorie: "annulation",
        message: "Annulation refusée : prise en charge déjà facturée",
        cause: "Facture partie",
        que_faire: "Annuler d'abord la facture auprès de la plateforme.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Deduit,
        source: "statuts Facturée et Soldée : https://github.com/GetGranit/granit-landing-page (content/plateformes/almerys.json)",
    },
    Rejet {
        code: "MUT-21",
        origine: OrigineRejet::Mutuelle,
        categorie: "annulation",
        message: "Annulation électronique non gérée par cet organisme",
        cause: "« pour la majorité des mutuelles » seulement",
        que_faire: "Appeler la plateforme ; noter la référence et la date de l'appel.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Regle,
        source: "manuel MyEasyOptic",
    },
    Rejet {
        code: "MUT-22",
        origine: OrigineRejet::Mutuelle,
        categorie: "cohérence",
        message: "Écart entre devis, demande et équipement délivré",
        cause: "Monture ou option changée après l'accord",
        que_faire: "Refaire la demande sur le devis modifié avant de délivrer l'équipement.",
        reessai: Reessai::NouvelleDemande,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/portail-viamedis.json) ; https://github.com/GetGranit/granit-landing-page (content/ressources/tiers-payant-opticien.json)",
    },
    Rejet {
        code: "MUT-23",
        origine: OrigineRejet::Mutuelle,
        categorie: "cohérence",
        message: "Code LPP ou classe incohérents avec le devis",
        cause: "Classe A/B ou code ne correspondent pas",
        que_faire: "Aligner les codes de la demande sur ceux du devis.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/portails-tiers-payant.json)",
    },
    Rejet {
        code: "MUT-24",
        origine: OrigineRejet::Mutuelle,
        categorie: "organisme",
        message: "Mauvais organisme choisi (libellé voisin)",
        cause: "Ex. MALAKOFF HUMANIS MUTUELLE / MUTUELLE MALAKOFF HUMANIS, MGEN / MGEN Accolade",
        que_faire: "Recopier le libellé de la carte, mot pour mot.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/tiers_payant/mutuelle_id"),
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/portail-viamedis.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/oxantis.json)",
    },
    Rejet {
        code: "MUT-25",
        origine: OrigineRejet::Mutuelle,
        categorie: "bénéficiaire",
        message: "Porteur saisi au nom de l'ouvrant droit",
        cause: "Lunettes pour un ayant droit",
        que_faire: "Saisir le bénéficiaire réel sous l'ouvrant droit.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/beneficiaire"),
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/ressources/tiers-payant-opticien.json)",
    },
    Rejet {
        code: "MUT-26",
        origine: OrigineRejet::Mutuelle,
        categorie: "attente",
        message: "Demande en cours d'analyse, réponse sous 48 h",
        cause: "Instruction manuelle",
        que_faire: "Attendre le délai indiqué, puis « Actualiser ».",
        reessai: Reessai::Consultation,
        champ: None,
        etat: Preuve::Trouve,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/sp-sante.json) ; manuel MyEasyOptic (48-72 h)",
    },
    Rejet {
        code: "MUT-27",
        origine: OrigineRejet::Mutuelle,
        categorie: "convention",
        message: "Opticien hors réseau partenaire",
        cause: "Garantie réservée au réseau (Sévéane, Itelis, Santéclair, Kalixia…)",
        que_faire: "Proposer le tarif hors réseau ou la convention de délégation (TP+, Korelio).",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::Regle,
        source: "https://github.com/GetGranit/granit-landing-page (content/plateformes/santeclair.json) ; https://github.com/GetGranit/granit-landing-page (content/plateformes/seveane.json)",
    },
    Rejet {
        code: "AMO-10",
        origine: OrigineRejet::Amo,
        categorie: "NIR",
        message: "Code 10 : n° de sécurité sociale invalide ou non reconnu",
        cause: "",
        que_faire: "Vérifier le numéro de sécurité sociale.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/beneficiaire/nir"),
        etat: Preuve::TrouveSecondaire,
        source: "source publique secondaire (optibot.fr/glossaire/code-rejet-tiers-payant)",
    },
    Rejet {
        code: "AMO-14",
        origine: OrigineRejet::Amo,
        categorie: "prescripteur",
        message: "Code 14 : prescripteur non enregistré",
        cause: "RPPS inconnu ou remplaçant",
        que_faire: "Mettre à jour le numéro RPPS du prescripteur.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/prescription/prescripteur/rpps"),
        etat: Preuve::TrouveSecondaire,
        source: "source publique secondaire (optibot.fr/glossaire/code-rejet-tiers-payant)",
    },
    Rejet {
        code: "AMO-30",
        origine: OrigineRejet::Amo,
        categorie: "droits",
        message: "Code 30 : assuré non couvert à la date de délivrance",
        cause: "",
        que_faire: "Vérifier les droits de l'assuré à la date de remise de l'équipement.",
        reessai: Reessai::Non,
        champ: None,
        etat: Preuve::TrouveSecondaire,
        source: "source publique secondaire (optibot.fr/glossaire/code-rejet-tiers-payant)",
    },
    Rejet {
        code: "AMO-56",
        origine: OrigineRejet::Amo,
        categorie: "LPP",
        message: "Code 56 : code LPP incompatible avec la classe prescrite",
        cause: "",
        que_faire: "Vérifier la classe et le code LPP.",
        reessai: Reessai::ApresCorrection,
        champ: None,
        etat: Preuve::TrouveSecondaire,
        source: "source publique secondaire (optibot.fr/glossaire/code-rejet-tiers-payant)",
    },
    Rejet {
        code: "AMO-63",
        origine: OrigineRejet::Amo,
        categorie: "dates",
        message: "Code 63 : date de prescription incohérente avec la délivrance",
        cause: "",
        que_faire: "Corriger la date de prescription ou la date de délivrance.",
        reessai: Reessai::ApresCorrection,
        champ: Some("/prescription/date"),
        etat: Preuve::TrouveSecondaire,
        source: "source publique secondaire (optibot.fr/glossaire/code-rejet-tiers-payant)",
    },
];

/// Advice for a refusal by the platform whose code is missing or unknown.
const DEFAUT_PLATEFORME: &str = "La demande n'est jamais arrivée chez la mutuelle et le crédit est rendu. Corriger le dossier d'après le message, ou appeler la plateforme, puis refaire la demande.";

/// Advice for a refusal by the mutuelle whose code is missing or unknown.
const DEFAUT_MUTUELLE: &str = "La mutuelle a refusé la demande. Relire son message, comparer le dossier avec la carte de tiers payant et, au besoin, appeler la mutuelle. Une nouvelle demande consomme un crédit.";

/// Advice for a rejection at billing whose code is missing or unknown.
const DEFAUT_AMO: &str = "L'Assurance maladie a rejeté la facturation ; la demande de prise en charge n'est pas en cause. Relire le message et corriger la facture, ou appeler la caisse.";

/// The row of a code, written exactly as in the catalogue.
pub fn find(code: &str) -> Option<&'static Rejet> {
    REJETS.iter().find(|rejet| rejet.code == code)
}

/// What to do about a refusal: total, because a refusal without advice leaves the counter assistant alone.
///
/// A known code wins over the origin: its advice is the more precise one. An unknown code says
/// nothing but who refused, so the default promises no more than that.
pub fn que_faire(origine: OrigineRejet, code: Option<&str>) -> &'static str {
    match code.and_then(find) {
        Some(rejet) => rejet.que_faire,
        None => match origine {
            OrigineRejet::Plateforme => DEFAUT_PLATEFORME,
            OrigineRejet::Mutuelle => DEFAUT_MUTUELLE,
            OrigineRejet::Amo => DEFAUT_AMO,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn count(origine: OrigineRejet) -> usize {
        REJETS.iter().filter(|rejet| rejet.origine == origine).count()
    }

    #[test]
    fn the_catalogue_is_whole() {
        assert_eq!(REJETS.len(), 51);
        assert_eq!(count(OrigineRejet::Plateforme), 19);
        assert_eq!(count(OrigineRejet::Mutuelle), 27);
        assert_eq!(count(OrigineRejet::Amo), 5);
        let codes: BTreeSet<&str> = REJETS.iter().map(|rejet| rejet.code).collect();
        assert_eq!(codes.len(), REJETS.len(), "a code appears twice");
    }

    #[test]
    fn every_row_can_be_shown() {
        for rejet in REJETS {
            let prefixe = match rejet.origine {
                OrigineRejet::Plateforme => "PLT-",
                OrigineRejet::Mutuelle => "MUT-",
                OrigineRejet::Amo => "AMO-",
            };
            assert!(rejet.code.starts_with(prefixe), "{}", rejet.code);
            assert!(rejet.que_faire.ends_with('.'), "{}", rejet.code);
            for texte in [rejet.categorie, rejet.message, rejet.que_faire, rejet.source] {
                assert!(!texte.is_empty(), "{}", rejet.code);
                assert_eq!(texte, texte.trim(), "{}", rejet.code);
            }
            if let Some(champ) = rejet.champ {
                assert!(champ.starts_with('/'), "{}", rejet.code);
            }
        }
    }

    #[test]
    fn a_code_names_the_field_to_correct() {
        #[track_caller]
        fn check(code: &str, reessai: Reessai, champ: Option<&str>) {
            assert_eq!(find(code).map(|r| (r.reessai, r.champ)), Some((reessai, champ)));
        }
        check("PLT-01", Reessai::ApresCorrection, None);
        check("PLT-04", Reessai::Oui, Some("/consentement"));
        check("PLT-09", Reessai::OuiAutomatique, None);
        check("PLT-10", Reessai::Consultation, None);
        check("PLT-12", Reessai::ApresAnnulation, None);
        check("PLT-13", Reessai::ApresCorrection, Some("/beneficiaire/nir"));
        check("PLT-14", Reessai::ApresCorrection, Some("/magasin/finess"));
        check("MUT-05", Reessai::ApresCorrection, Some("/tiers_payant/numero_adherent"));
        check("MUT-12", Reessai::ApresJustificatif, None);
        check("MUT-17", Reessai::ApresPieces, None);
        check("MUT-19", Reessai::NouvelleDemande, None);
        check("MUT-20", Reessai::Non, None);
        check("MUT-24", Reessai::ApresCorrection, Some("/tiers_payant/mutuelle_id"));
        assert_eq!(find("AMO-10").map(|r| r.cause), Some(""));
        assert!(find("mut-05").is_none());
        assert!(find("").is_none());
    }

    #[test]
    fn advice_is_total() {
        #[track_caller]
        fn check(origine: OrigineRejet, code: Option<&str>, debut: &str) {
            let conseil = que_faire(origine, code);
            assert!(conseil.starts_with(debut), "{conseil}");
        }
        check(OrigineRejet::Mutuelle, Some("MUT-05"), "Saisir le numéro d'adhérent");
        check(OrigineRejet::Plateforme, Some("PLT-12"), "Consulter la prise en charge");
        for code in [None, Some(""), Some("6099")] {
            check(OrigineRejet::Plateforme, code, "La demande n'est jamais arrivée");
            check(OrigineRejet::Mutuelle, code, "La mutuelle a refusé");
            check(OrigineRejet::Amo, code, "L'Assurance maladie a rejeté");
        }
    }
}
