import type { components } from '@/api/schema'

export type Attachment = components['schemas']['AttachmentView']

export const contentOf = (file: Attachment) => `/api/v1/attachments/${file.id}/content`
