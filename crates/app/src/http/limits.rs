//! How many requests one address may send. Sign-in has a narrower limit of its own, beside the slow-down per account.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::AppError;
use crate::state::AppState;

/// Requests a second of one address, if the configuration says nothing else.
pub const REQUESTS_PER_SECOND: u32 = 5_000;
/// Sign-ins a second of one address.
const SIGN_INS_PER_SECOND: u32 = 20;

/// The limiters.
pub struct Limits {
    requests: DefaultKeyedRateLimiter<IpAddr>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
}

fn quota(per_second: u32) -> Quota {
    let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
    Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(1)))
}

impl Limits {
    /// Limits with so many requests a second of one address.
    #[must_use]
    pub fn new(requests_per_second: u32) -> Self {
        Self {
            requests: RateLimiter::keyed(quota(requests_per_second)),
            sign_ins: RateLimiter::keyed(quota(SIGN_INS_PER_SECOND)),
        }
    }

    /// Forgets addresses that were quiet for a while, so that the table has a bound.
    pub fn sweep(&self) {
        self.requests.retain_recent();
        self.sign_ins.retain_recent();
    }

    /// Seconds to wait; none where the request may pass.
    fn wait(&self, address: IpAddr, is_sign_in: bool) -> Option<u64> {
        let limiter = if is_sign_in { &self.sign_ins } else { &self.requests };
        let refused = limiter.check_key(&whose(address)).err()?;
        Some(refused.wait_time_from(DefaultClock::default().now()).as_secs().max(1))
    }
}

/// Who is counted: an IPv4 address, or the /64 network that one IPv6 customer has.
fn whose(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Middleware: 429 for who sends too much.
pub async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let is_sign_in = request.method() == Method::POST && request.uri().path() == "/api/v1/session";
    match from.and_then(|address| state.limits().wait(address, is_sign_in)) {
        Some(seconds) => AppError::SlowDown { code: "slow_down", seconds }.into_response(),
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_slowed_down_and_another_is_not() {
        let limits = Limits::new(10);
        let (one, other): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let passed = (0..50).filter(|_| limits.wait(one, false).is_none()).count();
        assert!((20..=22).contains(&passed), "{passed}");
        assert_eq!(limits.wait(one, false), Some(1));
        assert_eq!(limits.wait(other, false), None);
        // Twenty sign-ins a second pass.
        assert!((0..20).all(|_| limits.wait(one, true).is_none()));
    }

    #[test]
    fn one_ipv6_network_is_one_customer() {
        let a: IpAddr = [0x2001, 0xdb8, 0, 1, 0, 0, 0, 1].into();
        let b: IpAddr = [0x2001, 0xdb8, 0, 1, 9, 9, 9, 9].into();
        assert_eq!(whose(a), whose(b));
    }
}
