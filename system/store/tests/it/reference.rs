//! The tests that `object_store` has for every implementation of its trait.

use object_store::integration as tests;

use crate::each;

#[tokio::test]
async fn objects_are_put_read_listed_and_deleted() {
    each(async |store| tests::put_get_delete_list(&store).await).await;
}

#[tokio::test]
async fn reads_depend_on_etags_and_times() {
    each(async |store| tests::get_opts(&*store).await).await;
}

#[tokio::test]
async fn writes_depend_on_the_object() {
    each(async |store| {
        let updates = !store.to_string().contains("LocalStore");
        tests::put_opts(&*store, updates).await;
    })
    .await;
}

#[tokio::test]
async fn uploads_and_bodies_come_in_parts() {
    each(async |store| {
        tests::stream_get(&store).await;
        tests::multipart_out_of_order(&*store).await;
        tests::multipart_race_condition(&*store, true).await;
    })
    .await;
}

#[tokio::test]
async fn listings_go_by_whole_segments() {
    each(async |store| {
        tests::list_uses_directories_correctly(&store).await;
        tests::list_with_delimiter(&store).await;
        tests::list_with_offset_exclusivity(&store).await;
    })
    .await;
}

#[tokio::test]
async fn objects_are_copied_and_renamed() {
    each(async |store| {
        tests::rename_and_copy(&store).await;
        tests::copy_if_not_exists(&store).await;
        tests::copy_rename_nonexistent_object(&store).await;
    })
    .await;
}
