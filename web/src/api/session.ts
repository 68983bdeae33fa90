import { client, unwrap } from './client'
import type { Me } from './types'

export const signIn = (email: string, password: string) => unwrap<Me>(client.POST('/api/v1/session', { body: { email, password } }))
export const signOut = () => unwrap(client.DELETE('/api/v1/session'))
export const signOutEverywhere = () => unwrap(client.DELETE('/api/v1/me/sessions'))
export const changePassword = (current: string, next: string) => unwrap(client.POST('/api/v1/me/password', { body: { current, new: next } }))
export const saveLocale = (locale: Me['locale']) => unwrap<Me>(client.PATCH('/api/v1/me', { body: { locale } }))
