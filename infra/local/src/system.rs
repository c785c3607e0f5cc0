//! The whole system in one process: tables, queues, functions, schedules, clock, demonstration concentrator, front door.
//!
//! What must hold: the functions are the crates that are deployed, spoken to through the same events and the same SDK calls; everything listens on
//! 127.0.0.1; after `kill -9` nothing that was answered is lost, and every demande goes on at the next start (the due index is the outbox).

use crate::{
    clock::Clock,
    ecran::Ecran,
    faults::Faults,
    gateway::{Function, Gateway, Routes},
    issuer::Issuer,
    kms::{self, KEY_FILE, Keys},
    local_routes,
    oidc::{self, Oidc},
    pollers::{self, Poller},
    queues::{self, Queues},
    seed, tables,
};
use axum::{Router, extract::Request};
use jiff::{SignedDuration, Timestamp};
use optopec_concentrateur_demo::DemoDeps;
use optopec_domain::{conservation::Conservation, limites, suivi};
use optopec_lambda::{
    config::{ConcentrateurConfig, Config},
    debit::Debit,
    deps::{Clock as DepsClock, Deps, Ids},
    queues::Queues as DepsQueues,
};
use optopec_store::{Coffre, Rechiffrement, Store, StoreError, Tables as TableNames};
use std::{
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinHandle,
};
use utoipa::openapi::OpenApi;

/// File of the tables, in the data folder.
const TABLES_FILE: &str = "tables.sqlite";
/// An address that nobody answers at.
pub const NOWHERE: &str = "http://127.0.0.1:1";

/// What a start is told.
#[derive(Clone)]
pub struct Options {
    /// Port of the front door on 127.0.0.1; 0 chooses a free one.
    pub port: u16,
    /// Where data is kept; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// Folder of the built web client; `None` has none.
    pub web: Option<PathBuf>,
    /// The concentrator of `REEL` shops: address and secret.
    pub reel: Option<ConcentrateurConfig>,
    /// Rate limits on.
    pub limits: bool,
    /// How far each caller may go when they are.
    pub debit: Debit,
    /// Answers with a NIR in clear that a caller may be given in a day when they are.
    pub plafond_lectures: u32,
    /// How long personal data is kept.
    pub conservation: Conservation,
    /// How long a session of a person who signed in may last.
    pub session: SignedDuration,
    /// What goes wrong before the tables.
    pub faults: Faults,
    /// How often (real time) the schedules look at the clock.
    pub tick: Duration,
    /// After how many seconds (real time) a failed message is tried again.
    pub retry_seconds: i32,
    /// How long a concentrator may take to answer.
    pub answer_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            web: None,
            reel: None,
            limits: false,
            debit: Debit::PRODUIT,
            plafond_lectures: limites::LECTURES_EN_CLAIR_PAR_JOUR,
            conservation: Conservation::PRODUIT,
            session: SignedDuration::from_hours(i64::from(limites::SESSION_HEURES_MAX)),
            faults: Faults::default(),
            tick: Duration::from_secs(1),
            retry_seconds: 1,
            answer_timeout: Duration::from_secs(60),
        }
    }
}

/// Why the system does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port, a file or a key.
    #[error("{what}")]
    Io {
        /// What was being done, in words.
        what: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The tables.
    #[error("les tables ne répondent pas")]
    Store(#[from] StoreError),
    /// The key of the data.
    #[error("{0}")]
    Cle(String),
    /// Another process works on the data.
    #[error("{0}")]
    Occupe(String),
    /// The configuration of a concentrator.
    #[error("{0}")]
    Concentrateur(String),
}

impl StartError {
    /// An IO error with what was being done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// A running system.
pub struct System {
    /// Address of the front door, `http://127.0.0.1:<port>`.
    pub url: String,
    /// Address of the demonstration concentrator.
    pub demo_url: String,
    /// What the functions are given; tests use it to look into the tables.
    pub deps: Deps,
    /// The clock of the whole system.
    pub clock: Clock,
    /// What goes wrong before the tables.
    pub faults: Faults,
    /// The queues.
    pub queues: Arc<Queues>,
    /// The tables; tests look at what was written.
    pub tables: tables::Tables,
    /// The master keys; tests of the built functions let them ask.
    pub kms: kms::Kms,
    pollers: Vec<Poller>,
    tasks: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
    /// As long as it is held, no other process works on the same data.
    _verrou: Option<File>,
}

impl System {
    /// Starts everything and returns when the front door answers.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        if let Some(folder) = &options.data {
            // Its key opens its tables.
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(StartError::io(format!("Le dossier de données {} ne peut pas être créé.", folder.display())))?;
        }
        let verrou = options.data.as_deref().map(lock).transpose()?;
        let listener = TcpListener::bind(("127.0.0.1", options.port))
            .await
            .map_err(StartError::io(format!("Le port {} est déjà pris : choisissez-en un autre avec OPTOPEC_PORT.", options.port)))?;
        let clock = match &options.data {
            Some(folder) => Clock::open(folder).map_err(StartError::io("L'horloge du dossier de données est illisible."))?,
            None => Clock::memory(),
        };
        let issuer = match &options.data {
            Some(folder) => Issuer::open(folder),
            None => Issuer::memory(),
        };
        let issuer = Arc::new(issuer.map_err(StartError::io("La clé des jetons est illisible."))?);
        let file = options.data.as_ref().map(|folder| folder.join(TABLES_FILE));
        let tables = tables::start(file, options.faults.clone()).await.map_err(StartError::io("Les tables du dossier de données ne s'ouvrent pas."))?;
        let queues = Arc::new(queues::start().await.map_err(StartError::io("Les files ne démarrent pas."))?);
        let transmission = queues
            .create("optopec-transmission", "optopec-transmission-mortes", 5, 6 * 90)
            .await
            .map_err(StartError::io("La file de transmission ne se crée pas."))?;
        let refresh = queues
            .create("optopec-actualisation", "optopec-actualisation-mortes", 5, 6 * 90)
            .await
            .map_err(StartError::io("La file d'actualisation ne se crée pas."))?;

        let (kms, store) = open_store(&tables, options.data.as_deref(), options.conservation).await?;
        if !store.is_sealed().await? {
            // Data of before there was a key; sealed before the witness says that it is.
            let sealed = store.seal_old(clock.now()).await?;
            if sealed > 0 {
                tracing::info!(sealed, "what was in clear is sealed");
            }
        }
        store.verify_key().await.map_err(wrong_key)?;

        let demo_listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(StartError::io("Le concentrateur de démonstration ne trouve pas de port."))?;
        let demo_url = format!("http://{}", demo_listener.local_addr().map_err(StartError::io("Le concentrateur de démonstration n'a pas d'adresse."))?);
        let demo_jeton = Ids::Random.requete(clock.now());
        let deps_clock = DepsClock::Shifted(clock.offset());
        let demo = DemoDeps { store: store.clone(), clock: deps_clock.clone(), jeton: demo_jeton.clone() };
        let config = Config {
            tables: names(),
            cle_kms: kms.cle.clone(),
            conservation: options.conservation,
            plafond_lectures: options.plafond_lectures,
            transmission_queue_url: transmission.url.clone(),
            refresh_queue_url: refresh.url.clone(),
            concentrateur_demo: ConcentrateurConfig { url: demo_url.clone(), jeton: demo_jeton, timeout: options.answer_timeout },
            concentrateur_reel: options.reel.clone(),
            limites: options.limits,
            debit: options.debit,
            session: options.session,
            version: env!("CARGO_PKG_VERSION"),
        };
        let deps = Deps { clock: deps_clock, ids: Ids::Random, queues: DepsQueues::new(queues.client(), &config), config, store };
        seed::shops(&deps).await?;

        let (stop, stopping) = watch::channel(false);
        let wake = Arc::new(Notify::new());
        let mut tasks = vec![tokio::spawn(async move {
            if let Err(error) = optopec_concentrateur_demo::serve(demo_listener, demo).await {
                tracing::error!(%error, "the demonstration concentrator stopped");
            }
        })];
        let gateway = Gateway { routes: Arc::new(routes(&deps)), issuer, clock: clock.clone(), ids: deps.ids.clone() };
        let local = local_routes::Local { gateway: gateway.clone(), deps: deps.clone(), queues: queues.clone(), wake: wake.clone() };
        let sign_in = Oidc::new(gateway.clone(), deps.clone(), options.session);
        let ecran = Ecran { gateway, folder: options.web };
        let front: Router = local_routes::router(local).merge(oidc::router(sign_in)).fallback(move |request: Request| {
            let ecran = ecran.clone();
            async move { ecran.answer(request).await }
        });
        let url = format!("http://{}", listener.local_addr().map_err(StartError::io("La porte d'entrée n'a pas d'adresse."))?);
        let mut door = stopping.clone();
        tasks.push(tokio::spawn(async move {
            let served = axum::serve(listener, front).with_graceful_shutdown(async move {
                let _ = door.wait_for(|stop| *stop).await;
            });
            if let Err(error) = served.await {
                tracing::error!(%error, "the front door stopped");
            }
        }));

        let work = optopec_pec_transmission::concentrateurs(&deps.config).map_err(|e| StartError::Concentrateur(e.to_string()))?;
        let poll = pollers::Options { max_batches: 50, retry_seconds: options.retry_seconds };
        let pollers = vec![
            {
                let (deps, work) = (deps.clone(), work.clone());
                Poller::start(queues.client(), transmission, poll, move |event| {
                    let (deps, work) = (deps.clone(), work.clone());
                    async move { Ok::<_, String>(optopec_pec_transmission::handle(&deps, &work, event).await) }
                })
            },
            {
                let (deps, work) = (deps.clone(), work.clone());
                Poller::start(queues.client(), refresh, poll, move |event| {
                    let (deps, work) = (deps.clone(), work.clone());
                    async move { Ok::<_, String>(optopec_status_refresh::handle(&deps, &work, event).await) }
                })
            },
        ];
        resume(&deps).await?;
        tasks.push(tokio::spawn(schedules(deps.clone(), clock.clone(), wake, stopping, options.tick)));
        Ok(Self { url, demo_url, deps, clock, faults: options.faults, queues, tables, kms, pollers, tasks, stop, _verrou: verrou })
    }

    /// Stops cleanly: no new request, running ones and running steps end, the tables close last.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for poller in self.pollers {
            poller.stop().await;
        }
        // The demonstration concentrator holds unanswered calls open on purpose; nobody waits for it.
        let mut tasks = self.tasks.into_iter();
        if let Some(demo) = tasks.next() {
            demo.abort();
        }
        for task in tasks {
            let _ = tokio::time::timeout(Duration::from_secs(5), task).await;
        }
        self.tables.stop().await;
        self.kms.stop().await;
    }
}

fn names() -> TableNames {
    TableNames { mutuelles: "optopec-mutuelles".into(), dossiers: "optopec-dossiers".into(), credits: "optopec-credits".into() }
}

fn missing_key(folder: &Path) -> StartError {
    StartError::Cle(format!("La clé {KEY_FILE} manque dans {} : remettez-la, sans elle ses données sont illisibles.", folder.display()))
}

/// Keeps the data folder for this process.
fn lock(folder: &Path) -> Result<File, StartError> {
    let open = File::options().create(true).write(true).truncate(false).open(folder.join("verrou"));
    let file = open.map_err(StartError::io("Le verrou du dossier de données ne peut pas être créé."))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::Occupe(format!("Un autre optopec travaille déjà sur {} : arrêtez-le d'abord.", folder.display()))),
        Err(TryLockError::Error(error)) => Err(StartError::io("Le dossier de données ne se verrouille pas.")(error)),
    }
}

/// The tables with the keys that open them. A folder whose data was written with a key never gets another one by itself.
async fn open_store(tables: &tables::Tables, data: Option<&Path>, conservation: Conservation) -> Result<(kms::Kms, Store), StartError> {
    let dynamo = dynamo_client(&tables.endpoint);
    let without_key = Store::new(dynamo.clone(), names(), Coffre::new(kms::client(NOWHERE), ""), conservation);
    without_key.create_tables().await?;
    let keys = match data {
        None => Keys::memory(),
        Some(folder) if !Keys::exists(folder) && without_key.is_sealed().await? => {
            return Err(missing_key(folder));
        }
        Some(folder) => Keys::open(folder),
    };
    let keys = keys.map_err(|error| StartError::Cle(format!("La clé des données est illisible : {error}")))?;
    let kms = kms::start(keys).await.map_err(StartError::io("Le service des clés ne démarre pas."))?;
    let coffre = Coffre::new(kms.client(), kms.cle.clone());
    Ok((kms, Store::new(dynamo, names(), coffre, conservation)))
}

/// First part of a rotation, with the system stopped: a new key that wraps from now on; its id. The old ones stay.
///
/// # Errors
/// The folder is in use, or its key is not the one of its data: another one beside it would hide that.
pub async fn new_master_key(folder: &Path) -> Result<String, StartError> {
    with_tables(folder, async |_| Ok(())).await?;
    Keys::add(folder).map_err(StartError::io("La nouvelle clé n'a pas pu être écrite."))
}

/// Last part of a rotation, with the system stopped: every data key is wrapped by the current key, then all others are forgotten; how many went.
///
/// # Errors
/// The folder is in use, its key is not the one of its data, or a key could not be wrapped: nothing is forgotten then.
pub async fn forget_old_keys(folder: &Path) -> Result<usize, StartError> {
    with_tables(folder, async |store| {
        // Each go wraps a bounded number; one that wraps nothing will not do better again.
        loop {
            let done = store.rewrap().await?;
            match done {
                Rechiffrement { restantes: 0, .. } => return Ok(()),
                Rechiffrement { rechiffrees: 0, restantes } => {
                    return Err(StartError::Cle(format!("{restantes} clés de magasins ne s'ouvrent pas : les anciennes clés sont gardées.")));
                }
                Rechiffrement { .. } => {}
            }
        }
    })
    .await?;
    Keys::retire(folder).map_err(StartError::io("Les anciennes clés n'ont pas pu être oubliées."))
}

/// Does something with the tables of a folder that nobody else works on, if its key is theirs.
async fn with_tables(folder: &Path, work: impl AsyncFnOnce(Store) -> Result<(), StartError>) -> Result<(), StartError> {
    if !Keys::exists(folder) {
        return Err(missing_key(folder));
    }
    let _verrou = lock(folder)?;
    let file = Some(folder.join(TABLES_FILE));
    let tables = tables::start(file, Faults::default()).await.map_err(StartError::io("Les tables du dossier de données ne s'ouvrent pas."))?;
    let (kms, store) = open_store(&tables, Some(folder), Conservation::PRODUIT).await?;
    let verified = if store.is_sealed().await? { store.verify_key().await.map_err(wrong_key) } else { Ok(()) };
    let done = match verified {
        Ok(()) => work(store).await,
        Err(error) => Err(error),
    };
    tables.stop().await;
    kms.stop().await;
    done
}

fn wrong_key(error: StoreError) -> StartError {
    match error {
        StoreError::Cle(_) => {
            StartError::Cle(format!("La clé {KEY_FILE} n'est pas celle de ces données : remettez celle avec laquelle elles ont été écrites."))
        }
        other => StartError::Store(other),
    }
}

/// The functions behind the front door, found by the documents they publish.
fn routes(deps: &Deps) -> Routes {
    let mut routes = Routes::default();
    for (router, document) in apis(deps) {
        routes.add(&serde_json::to_value(document).unwrap_or_default(), &Function::new(router));
    }
    routes
}

/// The HTTP functions: their routers, and the documents that describe them.
pub fn apis(deps: &Deps) -> [(Router, OpenApi); 5] {
    [
        optopec_mutuelles::api(deps.clone()),
        optopec_dossiers::api(deps.clone()),
        optopec_pec_submission::api(deps.clone()),
        optopec_credits::api(deps.clone()),
        optopec_printing::api(deps.clone()),
    ]
}

/// A client of the local tables.
pub fn dynamo_client(endpoint: &str) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version_latest()
        .region(aws_sdk_dynamodb::config::Region::new(queues::REGION))
        .credentials_provider(aws_sdk_dynamodb::config::Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(endpoint)
        // The emulators are on this machine: a proxy of the environment must not come between.
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

/// The queues live in memory: what was on them when the process died is put back from the due index, fresh sendings included.
async fn resume(deps: &Deps) -> Result<(), StartError> {
    let horizon = deps.clock.now().checked_add(suivi::BAIL).unwrap_or(Timestamp::MAX);
    for shard in 0..Store::SHARDS {
        let mut after = None;
        loop {
            let (due, next) = deps.store.due(shard, horizon, after).await?;
            if let Err(error) = deps.queues.send_transmission(&due, 0).await {
                tracing::warn!(%error, "resuming: the queue did not take what is due; the schedule will");
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(())
}

/// EventBridge Scheduler's part: the due sweep, and at 3 o'clock in Paris the nightly download and the sums of all ledgers.
async fn schedules(deps: Deps, clock: Clock, wake: Arc<Notify>, mut stopping: watch::Receiver<bool>, tick: Duration) {
    let night = |now: Timestamp| optopec_domain::date::paris_day(now.checked_sub(SignedDuration::from_hours(3)).unwrap_or(now));
    let mut last_night = night(clock.now());
    loop {
        tokio::select! {
            () = tokio::time::sleep(tick) => {}
            () = wake.notified() => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = optopec_status_refresh::sweep(&deps).await {
            tracing::error!(%error, "the due sweep failed");
        }
        let tonight = night(clock.now());
        if tonight != last_night {
            last_night = tonight;
            if let Err(error) = optopec_mutuelles::nightly(&deps).await {
                tracing::error!(%error, "the nightly download failed");
            }
            if let Err(error) = optopec_credits::nightly(&deps, None).await {
                tracing::error!(%error, "the nightly sums failed");
            }
        }
    }
}
