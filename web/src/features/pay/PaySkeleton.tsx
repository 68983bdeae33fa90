import { Bone, BoneRows } from '@/components/ui/States'
import styles from './PayPage.module.css'

export function PaySkeleton() {
  return (
    <>
      <div className={styles.head}>
        <div><Bone w={130} h={12} /><div><Bone w={210} h={36} /></div><Bone h={11} /><BoneRows rows={3} height={24} /></div>
        <div><Bone w={220} h={14} /><div style={{ height: 28 }} /><Bone h={13} /></div>
      </div>
      <BoneRows rows={8} />
    </>
  )
}
