"""Routes of offers and needs, interest, and followed items, under /directory/."""

from django.urls import path

from proxeny.directory.views import following, interests, listing_review, listings

urlpatterns = [
    path("<int:pk>/listings/new/", listings.add, name="listing-add"),
    path("listings/<int:pk>/", listings.show, name="listing"),
    path("listings/<int:pk>/edit/", listings.edit, name="listing-edit"),
    path("listings/<int:pk>/submit/", listings.submit, name="listing-submit"),
    path("listings/<int:pk>/withdraw/", listings.withdraw, name="listing-withdraw"),
    path("listings/<int:pk>/hold/", listings.hold, name="listing-hold"),
    path("listings/<int:pk>/resume/", listings.resume, name="listing-resume"),
    path("listings/<int:pk>/renew/", listings.renew, name="listing-renew"),
    path("listings/<int:pk>/archive/", listings.archive, name="listing-archive"),
    path("listings/<int:pk>/restore/", listings.restore, name="listing-restore"),
    path("listings/<int:pk>/follow/", following.follow_listing, name="listing-follow"),
    path("listings/<int:pk>/unfollow/", following.unfollow_listing, name="listing-unfollow"),
    path("listings/<int:pk>/interest/", interests.express, name="interest-express"),
    path("review/", listing_review.show_queue, name="review"),
    path("review/<int:pk>/pass/", listing_review.let_pass, name="review-pass"),
    path("review/<int:pk>/return/", listing_review.send_back, name="review-return"),
    path("review/<int:pk>/reopen/", listing_review.reopen, name="review-reopen"),
    path("interests/", interests.show_list, name="interests"),
    path("interests/<int:pk>/", interests.show, name="interest"),
    path("interests/<int:pk>/edit/", interests.change, name="interest-edit"),
    path("interests/<int:pk>/pass/", interests.pass_on, name="interest-pass"),
    path("interests/<int:pk>/ask/", interests.ask_back, name="interest-ask"),
    path("interests/<int:pk>/accept/", interests.accept, name="interest-accept"),
    path("interests/<int:pk>/decline/", interests.decline, name="interest-decline"),
    path("interests/<int:pk>/withdraw/", interests.withdraw, name="interest-withdraw"),
    path("following/", following.show_following, name="following"),
    path("<int:pk>/follow/", following.follow_organisation, name="follow"),
    path("<int:pk>/unfollow/", following.unfollow_organisation, name="unfollow"),
]
