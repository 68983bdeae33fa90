import { client, unwrap } from './client'
import type { Me } from './types'

export const signIn = (email: string, password: string) => unwrap<Me>(client.POST('/session', { body: { email, password } }))
export const signOut = () => unwrap(client.DELETE('/session'))
export const signOutEverywhere = () => unwrap(client.DELETE('/me/sessions'))
export const changePassword = (current: string, next: string) => unwrap(client.POST('/me/password', { body: { current, new: next } }))
export const saveLocale = (locale: string) => unwrap<Me>(client.PATCH('/me', { body: { locale } }))
