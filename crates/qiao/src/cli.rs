//! What can be called, and how.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Goals, process and incentives for sales teams: self-hosted, exact, explained.
#[derive(Debug, Parser)]
#[command(name = "qiao", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long = "database", value_name = "URL", env = "QIAO_DATABASE", hide_env_values = true)]
    pub url: Option<String>,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the database and the company
    Init {
        /// Where the data is
        #[command(flatten)]
        database: Database,
        /// ISO 4217; it cannot change once there is a fact
        #[arg(long, default_value = "CNY")]
        currency: String,
        /// IANA time zone in which business dates are counted
        #[arg(long, default_value = "Asia/Shanghai")]
        timezone: String,
        /// Language of new users and of the standard stages: zh-CN or en
        #[arg(long, default_value = "zh-CN")]
        locale: String,
        /// The company's name
        #[arg(long, value_name = "NAME", default_value = "公司")]
        company: String,
    },
    /// Make the example company once and serve it
    Demo {
        /// The folder of the example company [default: qiao-demo]
        #[arg(long, value_name = "DIR", env = "QIAO_DATA")]
        data: Option<PathBuf>,
        /// Where to listen [default: 127.0.0.1:7300]
        #[arg(long, value_name = "ADDR", env = "QIAO_LISTEN")]
        listen: Option<SocketAddr>,
        /// Make the company anew
        #[arg(long)]
        reset: bool,
    },
    /// Serve the interface and the API
    Serve {
        /// Where the data is
        #[command(flatten)]
        database: Database,
        /// Where to listen [default: 127.0.0.1:7300]
        #[arg(long, value_name = "ADDR", env = "QIAO_LISTEN")]
        listen: Option<SocketAddr>,
        /// Where Prometheus reads /metrics; nowhere if not given
        #[arg(long, value_name = "ADDR", env = "QIAO_METRICS_LISTEN")]
        metrics_listen: Option<SocketAddr>,
        /// The address under which people reach the server, if it is another
        #[arg(long, value_name = "URL", env = "QIAO_PUBLIC_URL")]
        public_url: Option<String>,
    },
    /// Bring the database to the schema of this program
    Migrate {
        /// Where the data is
        #[command(flatten)]
        database: Database,
    },
    /// Verify every promise the data must keep and print what is broken, by id
    Check {
        /// Where the data is
        #[command(flatten)]
        database: Database,
    },
    /// Write everything into one new file, while a server runs or not
    Backup {
        /// The file to make; it can be restored into SQLite and PostgreSQL
        file: PathBuf,
        /// Where the data is
        #[command(flatten)]
        database: Database,
    },
    /// Fill an empty or absent database from a backup
    Restore {
        /// The file that qiao backup made
        file: PathBuf,
        /// Where the data is to be
        #[command(flatten)]
        database: Database,
    },
    /// Users
    #[command(subcommand)]
    User(UserCommand),
    /// API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Import a file: CSV (UTF-8 or GB18030) or xlsx
    Import {
        /// people, products, accounts, opportunities or targets
        kind: String,
        /// The file
        file: PathBuf,
        /// Where the data is
        #[command(flatten)]
        database: Database,
        /// Which column of the file is which of ours (YAML)
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
        /// Say what would happen and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Where to write the rejected rows, with the reason
        #[arg(long, value_name = "FILE")]
        errors: Option<PathBuf>,
    },
    /// Export as CSV
    Export {
        /// people, products, accounts, opportunities, targets, estimates, earnings or audit
        kind: String,
        /// Where the data is
        #[command(flatten)]
        database: Database,
        /// For estimates and earnings: 2026, 2026-Q1, 2026-03 ...; the present month where absent
        #[arg(long, value_name = "P")]
        period: Option<String>,
        /// Where to write; standard output where absent
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Plans
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Compute pay from files alone: statements.csv, earnings.csv and rejected.csv
    ///
    /// Files are CSV (UTF-8 or GB18030) or xlsx. Exit 0: done; 1: rows were rejected (the rest is computed) or --check
    /// differs; 2: the call is wrong, a file cannot be read, or the plan has mistakes.
    Calc(CalcArgs),
    /// Print the description of the API (OpenAPI 3.1)
    Openapi,
}

/// What `qiao calc` reads and writes.
#[derive(Args, Clone, Debug)]
pub struct CalcArgs {
    /// The plan (YAML or JSON)
    pub plan: PathBuf,
    /// What happened: id, kind, date, person, amount and more; several rows with one id are one fact
    #[arg(long, value_name = "FILE")]
    pub facts: PathBuf,
    /// Who there is: person, name, team, manager, role, start, end; without it everybody named
    #[arg(long, value_name = "FILE")]
    pub people: Option<PathBuf>,
    /// Targets: metric, subject, period, base, challenge, stretch
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    /// What the run before left: its carry.csv
    #[arg(long, value_name = "FILE")]
    pub carry: Option<PathBuf>,
    /// Exchange rates: date, from, to, rate
    #[arg(long, value_name = "FILE")]
    pub rates: Option<PathBuf>,
    /// Days off: person, start, end
    #[arg(long, value_name = "FILE")]
    pub absences: Option<PathBuf>,
    /// Which column of the files is which of ours (YAML)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// 2026-03, 2026-Q1, 2026 or 2026-01..2026-06
    #[arg(long, value_name = "P")]
    pub period: String,
    /// The folder to write to; made where it is not there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Print a person's lines with the arithmetic behind each
    #[arg(long, value_name = "PERSON")]
    pub explain: Option<String>,
    /// Compare the columns that this file names with statements.csv, or earnings.csv if it has a component column
    #[arg(long, value_name = "EXPECTED")]
    pub check: Option<PathBuf>,
    /// Compute another plan on the same files and print the difference for each person and in total
    #[arg(long, value_name = "OTHER_PLAN")]
    pub compare: Option<PathBuf>,
}

/// Commands about users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make a user
    Create {
        /// Where the data is
        #[command(flatten)]
        database: Database,
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// The name
        #[arg(long)]
        name: String,
        /// rep, manager, director, operations, finance, hr, auditor or administrator
        #[arg(long)]
        role: String,
        /// The team of the person behind the user, as a path like East/Team 3; the person is made
        #[arg(long, value_name = "PATH")]
        team: Option<String>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Let the user see the pay of others in the row scope
        #[arg(long)]
        pay_grant: bool,
    },
}

/// Commands about tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a bearer token that acts as a user, and print it once
    Create {
        /// Where the data is
        #[command(flatten)]
        database: Database,
        /// The user's address
        #[arg(long, value_name = "E")]
        user: String,
        /// What it is for
        #[arg(long, default_value = "cli")]
        name: String,
    },
}

/// Commands about plans.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Publish a plan file; a changed file with a known id is a new version
    Publish {
        /// The file (YAML or JSON)
        file: PathBuf,
        /// Where the data is
        #[command(flatten)]
        database: Database,
    },
    /// List plans and their versions
    List {
        /// Where the data is
        #[command(flatten)]
        database: Database,
    },
}
