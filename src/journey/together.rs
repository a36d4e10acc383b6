//! Several things at once.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Waits for all of them at once, and tells what each came to, in their order.
///
/// Each is looked at whenever any of them may go on, so they are to be few.
pub(super) async fn together<T>(
    futures: impl IntoIterator<Item = impl Future<Output = T>>,
) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(Waiting::on).collect();
    poll_fn(|context| {
        let mut is_done = true;
        for one in &mut waiting {
            if let Waiting::On(future) = one {
                match future.as_mut().poll(context) {
                    Poll::Ready(done) => *one = Waiting::Done(done),
                    Poll::Pending => is_done = false,
                }
            }
        }
        if is_done {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    let done = |one| match one {
        Waiting::Done(done) => Some(done),
        Waiting::On(_) => None,
    };
    waiting.into_iter().filter_map(done).collect()
}

enum Waiting<F: Future> {
    On(Pin<Box<F>>),
    Done(F::Output),
}

impl<F: Future> Waiting<F> {
    fn on(future: F) -> Self {
        Self::On(Box::pin(future))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn none_waits_for_another() {
        let (say, hear) = oneshot::channel();
        // The first can only end if the second runs meanwhile.
        let first: Pin<Box<dyn Future<Output = u8>>> = Box::pin(async { hear.await.unwrap() });
        let second = Box::pin(async move {
            say.send(1).unwrap();
            2
        });
        assert_eq!(together([first, second]).await, [1, 2]);
    }
}
