%% listener_sup, version 1: two acceptors.
-module(listener_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3}, [acceptor(Name) || Name <- [acceptor_1, acceptor_2]]}}.

acceptor(Name) -> #{id => Name, start => {acceptor, start_link, [Name, #{accepted => 0}]}}.
