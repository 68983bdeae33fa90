import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from 'react-router'
import { ApiError, onSignedOut } from '@/api/client'
import { ToastProvider } from '@/components/ui/Toast'
import { ThemeProvider } from '@/components/theme/theme'
import type { createAppRouter } from './router'

export function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        // What a client did wrong does not get better by asking again.
        retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  })
}

interface Props { queryClient: QueryClient; router: ReturnType<typeof createAppRouter> }

export function App({ queryClient, router }: Props) {
  onSignedOut(() => {
    // The address stays in `next`: after signing in one is where one was.
    const { pathname, search } = router.state.location
    if (pathname === '/sign-in') return
    // In its place in the history: back must not lead to a page that nobody is signed in for.
    void router.navigate(`/sign-in?next=${encodeURIComponent(pathname + search)}`, { replace: true }).then(() => queryClient.clear())
  })
  return (
    <QueryClientProvider client={queryClient}>
      <ThemeProvider>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </ThemeProvider>
    </QueryClientProvider>
  )
}
