import { upload } from '@/api/upload'

/** The largest file the server takes, bytes. */
export const MOST_BYTES = 50 * 1024 * 1024
/** The longer side of a photo as it is sent, pixels: enough to read a name plate. */
const SIDE = 2048
/** Smaller files are sent as they are, bytes. */
const SMALL = 600 * 1024
const QUALITY = 0.85

/** A photo as it is sent: smaller, and without what the camera wrote into it. Anything else goes as it is. */
export async function prepared(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file
  } catch {
    // A picture that the browser cannot read is still a file.
    return file
  }
}

/** Attaches a file to a record. */
export async function attach(type: string, id: string, file: File): Promise<void> {
  const form = new FormData()
  const ready = await prepared(file)
  form.append('file', ready, ready.name)
  await upload(`/records/${type}/${id}/attachments`, form, () => undefined)
}
