//! A small company to test on: two regions, two teams in the East, one in the West, a user for each role.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use qiao_app::access::{self, NewUser};
use qiao_app::company::{self, NewCompany};
use qiao_app::context::{Context, Role};
use qiao_app::imports::{Kind, Mapping, Outcome, read, run};
use qiao_app::locale::Locale;
use qiao_app::router::router;
use qiao_app::state::{AppState, Config};
use qiao_store::books::Follower;
use qiao_testkit::{BACKENDS, Backend, NOW_MS, TestDatabase};
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;

pub const PASSWORD: &str = "a rather long password";

pub struct World {
    pub db: TestDatabase,
    pub state: AppState,
    pub app: Router,
    pub operator: Context,
    pub tokens: BTreeMap<&'static str, String>,
    clock: Arc<AtomicI64>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: Value,
    pub text: String,
}

const PEOPLE: &str = "person,name,email,team,role\n\
    rep,陈一,rep@example.com,East/One,rep\n\
    mate,李二,mate@example.com,East/One,rep\n\
    near,王三,near@example.com,East/Two,rep\n\
    far,赵四,far@example.com,West/Three,rep\n\
    manager,周五,manager@example.com,East/One,manager\n\
    director,吴六,director@example.com,East,director\n";

const DEALS: &str = "opportunity,name,owner,stage,amount,opened_on,closed_on\n\
    D1,甲公司一期,rep,won,1000.00,2026-01-10,2026-03-05\n\
    D2,乙公司一期,mate,won,2000.00,2026-01-10,2026-03-06\n\
    D3,丙公司一期,near,won,3000.00,2026-01-10,2026-03-07\n\
    D4,丁公司一期,far,won,4000.00,2026-01-10,2026-03-08\n";

const PLAN: &str = "id: p\nname: 方案\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {roles: [rep]}\ncomponents:\n  - id: c\n    name: 提成\n    basis: opportunity_won\n    rate: {flat: 5%}\n";

impl World {
    /// The company with its people and nothing else.
    pub async fn bare(backend: Backend) -> Self {
        let db = TestDatabase::new(backend).await;
        company::init(&db.store, NewCompany::default(), NOW_MS).await.unwrap();
        let books = Follower::start(db.store.clone()).await.unwrap();
        let clock = Arc::new(AtomicI64::new(NOW_MS));
        let ticking = Arc::clone(&clock);
        let config = Config { data: Some(db.folder().to_owned()), ..Config::default() };
        let state = AppState::new(db.store.clone(), books, config, Arc::new(move || ticking.load(Ordering::SeqCst)));
        let definitions = state.books().definitions().await.unwrap();
        let operator = Context::operator(company::facts(&definitions.company).unwrap(), Locale::En, NOW_MS);
        let app = router(state.clone(), Router::new());
        Self { db, state, app, operator, tokens: BTreeMap::new(), clock }
    }

    /// The company at work: people, deals, a plan, a user with a token for each role.
    pub async fn new(backend: Backend) -> Self {
        let mut world = Self::bare(backend).await;
        world.import(Kind::People, PEOPLE).await;
        world.import(Kind::Opportunities, DEALS).await;
        qiao_app::plans::rules::publish(&world.state, &world.operator, PLAN).await.unwrap();
        for role in Role::ALL {
            world.user(role.as_str(), role, false).await;
        }
        world.user("paid", Role::Manager, true).await;
        world
    }

    /// A user with a token. `manager` and `paid` stand behind the same kind of person: the manager of East/One.
    pub async fn user(&mut self, name: &'static str, role: Role, pay_grant: bool) {
        let email = if name == "paid" { "second@example.com".to_owned() } else { format!("{name}@example.com") };
        if name == "paid" {
            self.import(Kind::People, "person,name,email,team,role\nsecond,郑七,second@example.com,East/One,manager\n")
                .await;
        }
        let person_id = access::person_with_email(&self.state, &email).await.unwrap().map(|id| id.to_string());
        let new = NewUser {
            email: email.clone(),
            name: name.to_owned(),
            role,
            person_id,
            pay_grant,
            password: Some(PASSWORD.to_owned()),
        };
        access::create_user(self.state.store(), &self.operator, new).await.unwrap();
        let token = access::token_for(&self.state, &self.operator, &email, "test".to_owned()).await.unwrap().unwrap();
        self.tokens.insert(name, token);
    }

    pub async fn import(&self, kind: Kind, csv: &str) -> Outcome {
        let table = read(csv.as_bytes()).unwrap();
        let mapping = Mapping::plain(&table);
        run(&self.state, &self.operator, kind, &table, &mapping, false, |_, _| {}).await.unwrap()
    }

    pub async fn person(&self, key: &str) -> Uuid {
        let definitions = self.state.books().definitions().await.unwrap();
        Uuid::from_u128(definitions.person_by_key(key).unwrap().id)
    }

    pub async fn team(&self, path: &str) -> Uuid {
        let definitions = self.state.books().definitions().await.unwrap();
        Uuid::from_u128(definitions.team_by_path(path).unwrap().id)
    }

    /// Another server on the same database, with books and memory of its own.
    pub async fn node(&self) -> AppState {
        let store = self.db.open_again().await;
        let books = Follower::start(store.clone()).await.unwrap();
        let clock = Arc::clone(&self.clock);
        AppState::new(store, books, Config::default(), Arc::new(move || clock.load(Ordering::SeqCst)))
    }

    /// Moves the clock.
    pub fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body, text }
    }

    /// A request as a user, by token.
    pub async fn ask(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.ask_with(who, method, path, body, &[]).await
    }

    /// A request with headers.
    pub async fn ask_with(
        &self,
        who: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, "en");
        if let Some(token) = self.tokens.get(who) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// A form with a file in it, as a browser sends it.
    pub async fn send_form(&self, who: &str, path: &str, parts: &[(&str, &str, &[u8])], key: Option<&str>) -> Answer {
        let mut body = Vec::new();
        for (part, name, value) in parts {
            let file = if name.is_empty() { String::new() } else { format!("; filename=\"{name}\"") };
            body.extend(format!("--xx\r\nContent-Disposition: form-data; name=\"{part}\"{file}\r\n\r\n").bytes());
            body.extend(*value);
            body.extend(b"\r\n");
        }
        body.extend(b"--xx--\r\n");
        let mut request = Request::post(path)
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx");
        if let Some(token) = self.tokens.get(who) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A record as a form, made by a user; its body.
    pub async fn made(&self, who: &str, path: &str, body: Value) -> Value {
        let answer = self.ask(who, "POST", path, Some(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", answer.text);
        answer.body
    }

    /// A change of a record in a version.
    pub async fn patch(&self, who: &str, path: &str, version: i64, body: Value) -> Answer {
        self.ask_with(who, "PATCH", path, Some(body), &[("if-match", &format!("\"{version}\""))]).await
    }

    pub async fn get(&self, who: &str, path: &str) -> Answer {
        self.ask(who, "GET", path, None).await
    }
}

/// Runs a test on a world on each database.
pub async fn on_both<F, R>(test: F)
where
    F: Fn(World) -> R,
    R: Future<Output = ()>,
{
    for backend in BACKENDS {
        test(World::new(backend).await).await;
    }
}
