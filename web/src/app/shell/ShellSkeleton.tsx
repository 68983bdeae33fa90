import { Bone, BoneRows } from '@/components/ui/States'
import styles from './Shell.module.css'

export function ShellSkeleton() {
  return (
    <div className={styles.shell}>
      <div className={styles.side}><Bone w={72} h={20} /></div>
      <div className={styles.frame}>
        <div className={styles.top}><Bone w={96} h={18} /></div>
        <div className={styles.body}><div className={styles.page}><BoneRows rows={8} /></div></div>
      </div>
    </div>
  )
}
